//! The body of a method: progenitor's statements, each checked against its expected form, and rewritten.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};
use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, ExprLit, Ident, Lit, Local, Member, Pat, Stmt, Token, parse_quote};
use zoho_spec::{Operation, Reply};

use super::signature::{Argument, is_text};
use crate::Error;
use crate::lower::CONTENT_TYPE;

/// What a method does until its request is built.
#[derive(Debug, Default)]
pub(super) struct Request {
    /// Path parameters in the order of the path.
    pub(super) path: Vec<Ident>,
    /// Query parameters by their name on the wire.
    pub(super) query: BTreeMap<String, Ident>,
    /// Headers by their name on the wire.
    pub(super) headers: BTreeMap<String, Ident>,
    /// Whether a body is sent.
    pub(super) body: bool,
    /// The statements that build `request`.
    pub(super) statements: TokenStream,
    /// The name of the variable that holds the request.
    pub(super) variable: Option<Ident>,
}

/// Reads the statements and rewrites them.
pub(super) fn read(
    operation: &Operation,
    arguments: &[Argument],
    statements: Vec<Stmt>,
) -> Result<Request, Error> {
    let fail = |message: &str| Error::operation(operation.product, &operation.id, message);
    let mut statements = statements.into_iter();
    let mut next = |what: &str| {
        statements
            .next()
            .ok_or_else(|| fail(&format!("the method ends before {what}")))
    };
    let mut request = Request::default();

    let (url, format) = binding(next("the address")?).ok_or_else(|| fail("no address is made first"))?;
    let url_value =
        address(&mut request, arguments, format).ok_or_else(|| fail("the address has another form"))?;

    let (map, _) = binding(next("the headers")?).ok_or_else(|| fail("no header map is made"))?;
    let first = next("the version header")?;
    if !first.to_token_stream().to_string().contains("api_version") {
        return Err(fail("the version header is not where it was"));
    }
    let mut headers = Vec::new();
    let built = loop {
        match next("the request")? {
            Stmt::Local(local) => break Stmt::Local(local),
            Stmt::Expr(mut expression, _) => {
                let (name, argument) =
                    header(&expression).ok_or_else(|| fail("a header is set in another way"))?;
                Seam.visit_expr_mut(&mut expression);
                // The content type of a form takes the place of progenitor's own, in the chain.
                if name != CONTENT_TYPE {
                    headers.push(expression);
                }
                request.headers.insert(name, argument);
            }
            _ => return Err(fail("there is a statement between headers and request")),
        }
    };
    let (variable, mut chain) = binding(built).ok_or_else(|| fail("the request has another form"))?;
    read_chain(&mut request, &chain).ok_or_else(|| fail("a query parameter is sent in another way"))?;
    Seam.visit_expr_mut(&mut chain);
    let mut own = OwnHeaders {
        any: !headers.is_empty(),
    };
    own.visit_expr_mut(&mut chain);

    for expected in ["OperationInfo", ". pre (", ". exec (", ". post (", "?"] {
        let text = next(expected)?.to_token_stream().to_string();
        if !text.contains(expected) {
            return Err(fail(&format!("`{expected}` is not where it was")));
        }
    }
    let answer = next("the answer")?;
    check_answer(operation, &answer).map_err(|message| fail(&message))?;
    if statements.next().is_some() {
        return Err(fail("the method goes on after its answer"));
    }

    let header_map = own
        .any
        .then(|| quote!(let mut #map = ::http::HeaderMap::new(); #(#headers;)*));
    request.statements = quote! {
        let #url = #url_value;
        #header_map
        let #variable = #chain;
    };
    request.variable = Some(variable);
    Ok(request)
}

/// `let name = value;`
fn binding(statement: Stmt) -> Option<(Ident, Expr)> {
    let Stmt::Local(Local {
        pat: Pat::Ident(pattern),
        init: Some(init),
        ..
    }) = statement
    else {
        return None;
    };
    Some((pattern.ident, *init.expr))
}

/// `format!("{}/{}", self.baseurl, encode_path(&x.to_string()))` as a list of pieces to join.
fn address(request: &mut Request, arguments: &[Argument], value: Expr) -> Option<TokenStream> {
    let Expr::Macro(call) = value else { return None };
    let parts = call
        .mac
        .parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated)
        .ok()?;
    let mut parts = parts.into_iter();
    let template = literal(parts.next().as_ref())?;
    let mut fixed = template.strip_prefix("{}")?.split("{}");
    parts.next().filter(|base| is_field_of_self(base, "baseurl"))?;
    let mut pieces = vec![quote!(typed::BASE_URL)];
    pieces.extend(fixed.next().map(|text| quote!(#text)));
    for part in parts {
        let Expr::Call(encode) = part else { return None };
        let Some(Expr::Reference(reference)) = encode.args.first() else {
            return None;
        };
        let Expr::MethodCall(to_string) = &*reference.expr else {
            return None;
        };
        let name = variable(&to_string.receiver)?;
        let shown = name.to_string();
        let text = arguments
            .iter()
            .any(|argument| argument.name == name && is_text(&argument.ty));
        pieces.push(if text {
            quote!(&encode_segment(#shown, #name)?)
        } else {
            quote!(&encode_segment(#shown, &#name.to_string())?)
        });
        pieces.extend(
            fixed
                .next()
                .filter(|text| !text.is_empty())
                .map(|text| quote!(#text)),
        );
        request.path.push(name);
    }
    Some(quote!([#(#pieces),*].concat()))
}

fn is_field_of_self(expression: &Expr, name: &str) -> bool {
    matches!(expression, Expr::Field(field)
        if matches!(&field.member, Member::Named(member) if member == name)
        && variable(&field.base).is_some_and(|base| base == "self"))
}

fn variable(expression: &Expr) -> Option<Ident> {
    match expression {
        Expr::Path(path) => path.path.get_ident().cloned(),
        Expr::Reference(reference) => variable(&reference.expr),
        _ => None,
    }
}

fn literal(expression: Option<&Expr>) -> Option<String> {
    match expression {
        Some(Expr::Lit(ExprLit {
            lit: Lit::Str(text), ..
        })) => Some(text.value()),
        _ => None,
    }
}

/// The wire name and the argument of `header_map.append("Name", x..)`, alone or in `if let Some(value) = x`.
fn header(expression: &Expr) -> Option<(String, Ident)> {
    match expression {
        Expr::MethodCall(append) if append.method == "append" => {
            let mut value = append.args.iter().nth(1)?;
            let name = literal(append.args.first())?;
            loop {
                value = match value {
                    Expr::Try(inner) => &inner.expr,
                    Expr::MethodCall(call) => &call.receiver,
                    other => return Some((name, variable(other)?)),
                };
            }
        }
        Expr::If(condition) => {
            let Expr::Let(binding) = &*condition.cond else {
                return None;
            };
            let argument = variable(&binding.expr)?;
            let Some(Stmt::Expr(inner, _)) = condition.then_branch.stmts.first() else {
                return None;
            };
            header(inner).map(|(name, _)| (name, argument))
        }
        _ => None,
    }
}

/// Notes the query parameters and the body of `self.client.get(url).query(..)...build()?`.
fn read_chain(request: &mut Request, chain: &Expr) -> Option<()> {
    let mut link = match chain {
        Expr::Try(build) => &*build.expr,
        _ => return None,
    };
    while let Expr::MethodCall(call) = link {
        match call.method.to_string().as_str() {
            "query" => {
                let Some(Expr::Reference(reference)) = call.args.first() else {
                    return None;
                };
                let Expr::Call(new) = &*reference.expr else {
                    return None;
                };
                let name = literal(new.args.first())?;
                request.query.insert(name, variable(new.args.iter().nth(1)?)?);
            }
            "json" | "body" => request.body = true,
            "header" => {
                known_header(call)?;
            }
            "build" | "headers" | "get" | "post" | "put" | "patch" | "delete" => {}
            _ => return None,
        }
        link = &call.receiver;
    }
    is_field_of_self(link, "client").then_some(())
}

/// Which of progenitor's own headers a link sets.
fn known_header(call: &syn::ExprMethodCall) -> Option<&'static str> {
    let Some(Expr::Path(name)) = call.args.first() else {
        return None;
    };
    let last = name.path.segments.last()?.ident.to_string();
    ["ACCEPT", "CONTENT_TYPE"]
        .into_iter()
        .find(|known| *known == last)
}

/// The answer must be told apart by status, decoded as the description says, and refused otherwise.
fn check_answer(operation: &Operation, answer: &Stmt) -> Result<(), String> {
    let Stmt::Expr(Expr::Match(found), _) = answer else {
        return Err("the answer is not told apart by its status".to_owned());
    };
    let decode = match operation.reply {
        Reply::Json { .. } => "from_response",
        Reply::Empty => "empty",
        Reply::Binary { .. } => "stream",
    };
    let arms: Vec<String> = found
        .arms
        .iter()
        .map(|arm| arm.body.to_token_stream().to_string())
        .collect();
    match arms.as_slice() {
        [success, other] if success.contains(decode) && other.contains("UnexpectedResponse") => Ok(()),
        _ => Err(format!("the answer is not decoded by `{decode}`")),
    }
}

/// Puts the crate's parts in place of progenitor's.
struct Seam;

impl VisitMut for Seam {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        visit_mut::visit_expr_mut(self, expression);
        if is_field_of_self(expression, "client") {
            *expression = parse_quote!(typed::Core::builder()?);
        } else if let Expr::Try(attempt) = expression
            && matches!(&*attempt.expr, Expr::MethodCall(call) if call.method == "try_into")
        {
            let inner = &attempt.expr;
            *expression = parse_quote!(#inner.map_err(progenitor_client::Error::<()>::from)?);
        }
    }

    fn visit_expr_method_call_mut(&mut self, call: &mut syn::ExprMethodCall) {
        visit_mut::visit_expr_method_call_mut(self, call);
        match call.method.to_string().as_str() {
            "json" | "body" => call.args = parse_quote!(body),
            // The arguments come out of the parameter structure by reference.
            "query" => Borrowed.visit_expr_method_call_mut(call),
            _ => {}
        }
    }
}

/// `QueryParam::new("x", &x)` as `QueryParam::new("x", x)`.
struct Borrowed;

impl VisitMut for Borrowed {
    fn visit_expr_call_mut(&mut self, call: &mut syn::ExprCall) {
        for argument in &mut call.args {
            if let Expr::Reference(reference) = argument {
                *argument = (*reference.expr).clone();
            }
        }
    }
}

/// Takes `.headers(..)` out of a chain where nothing was put into them, and spells out the headers that
/// progenitor sets by itself.
struct OwnHeaders {
    /// Whether anything was put into the map.
    any: bool,
}

impl VisitMut for OwnHeaders {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        visit_mut::visit_expr_mut(self, expression);
        if let Expr::MethodCall(call) = expression {
            if call.method == "headers" && !self.any {
                *expression = (*call.receiver).clone();
            } else if call.method == "header" && known_header(call) == Some("CONTENT_TYPE") {
                call.args = parse_quote!("content-type", content_type);
            } else if call.method == "header" && known_header(call) == Some("ACCEPT") {
                call.args = parse_quote!("accept", "application/json");
            }
        }
    }
}
