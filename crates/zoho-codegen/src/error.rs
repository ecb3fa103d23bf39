//! What can go wrong between a description and Rust.

use std::path::PathBuf;

use zoho_spec::Product;

/// Why no code came out. Every variant names the place in the description to look at.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An operation asks for something that the generator has no shape for.
    #[error("{product} operation `{operation}`: {message}", product = .product.name())]
    Operation {
        /// The product.
        product: Product,
        /// The operation id.
        operation: String,
        /// What is wrong.
        message: String,
    },
    /// A component schema has no Rust shape.
    #[error("{product} type `{name}`: {message}", product = .product.name())]
    Type {
        /// The product.
        product: Product,
        /// The Rust name of the type.
        name: String,
        /// What is wrong.
        message: String,
    },
    /// A product's description as a whole cannot be generated.
    #[error("{product}: {message}", product = .product.name())]
    Product {
        /// The product.
        product: Product,
        /// What is wrong.
        message: String,
    },
    /// The generator made text that is not Rust.
    #[error("{}: the generated text is not Rust: {message}", .path.display())]
    Text {
        /// The file that would have been written.
        path: PathBuf,
        /// What the parser says.
        message: String,
    },
}

impl Error {
    /// An error of one operation.
    pub(crate) fn operation(product: Product, operation: &str, message: impl Into<String>) -> Self {
        Self::Operation {
            product,
            operation: operation.to_owned(),
            message: message.into(),
        }
    }

    /// An error of one type.
    pub(crate) fn ty(product: Product, name: &str, message: impl Into<String>) -> Self {
        Self::Type {
            product,
            name: name.to_owned(),
            message: message.into(),
        }
    }

    /// An error of a whole product.
    pub(crate) fn product(product: Product, message: impl Into<String>) -> Self {
        Self::Product {
            product,
            message: message.into(),
        }
    }
}
