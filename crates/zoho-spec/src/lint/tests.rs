//! Every rule, proven.
