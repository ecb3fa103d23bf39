//! The proof: property-based tests that hold client, mock and model together.
