//! The memory of processes, where there is `/proc`.

/// A figure of a process, such as `VmRSS` (now) or `VmHWM` (at most), in kilobytes; `self` is this process.
#[must_use]
pub fn of(process: &str, figure: &str) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let mut lines = status.lines();
    let rest = lines.find_map(|line| line.strip_prefix(figure)?.strip_prefix(':'))?;
    rest.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    #[test]
    #[cfg(target_os = "linux")]
    fn this_process_has_memory_and_no_process_has_none() {
        let (now, most) = (super::of("self", "VmRSS"), super::of("self", "VmHWM"));
        assert!(
            now.is_some_and(|now| now > 100) && most.is_some(),
            "{now:?} {most:?}"
        );
        assert_eq!(super::of("no process", "VmRSS"), None);
        assert_eq!(super::of("self", "VmR"), None);
    }
}
