//! The data centres, in the same shape for client and mock.

use proc_macro2::TokenStream;
use quote::quote;
use zoho_spec::Region;

/// The table; `home` is the module that defines the row type.
pub(super) fn table(regions: &[Region], home: &TokenStream) -> TokenStream {
    let rows = regions.iter().map(row);
    quote! {
        use #home::RegionRow;
        #[doc = " All data centres."]
        pub(crate) static REGIONS: &[RegionRow] = &[#(#rows),*];
    }
}

fn row(region: &Region) -> TokenStream {
    let Region {
        code,
        name,
        accounts,
        api,
        sandbox,
        developer,
        upload,
        ..
    } = region;
    quote! {
        RegionRow {
            code: #code,
            name: #name,
            accounts: #accounts,
            api: #api,
            sandbox: #sandbox,
            developer: #developer,
            upload: #upload,
        }
    }
}
