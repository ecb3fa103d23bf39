//! What the fuzz targets share: each runs the function of its name in `zoho_conformance::hostile`.

use zoho_conformance::hostile::Target;

/// Runs a target over an input.
///
/// # Panics
/// When there is no such target, or something did not hold: that is what the fuzzer looks for.
pub fn run(name: &str, input: &[u8]) {
    let target = Target::of(name).expect("there is a target of that name");
    (target.run)(input);
}
