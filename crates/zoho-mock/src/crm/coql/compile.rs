//! A tree and a schema to a predicate: columns are found, values get the types of their columns.

use super::ast::{Ask, Condition, Expr, Literal, Logic};
use super::error::invalid_column;
use super::run;
use crate::answer::Refusal;
use crate::crm::CrmWorld;
use crate::crm::filter::{Comparison, Operand, Path, Pattern, Predicate, Scalar, Test};
use crate::crm::ids;
use crate::crm::schema::{Kind, ModuleIndex};
use crate::crm::time;

/// Why a column is refused that does not exist.
const UNKNOWN: &str = "column given seems to be invalid";
/// Why a value is refused.
const VALUE: &str = "value given seems to be invalid for the column";
/// Why a comparison is refused.
const OPERATOR: &str = "operator given is not supported for the column";

/// The predicate of a condition.
pub(super) fn predicate(crm: &CrmWorld, module: ModuleIndex, expr: &Expr) -> Result<Predicate, Refusal> {
    Ok(match expr {
        Expr::Both(left, logic, right) => {
            let parts = vec![predicate(crm, module, left)?, predicate(crm, module, right)?];
            match logic {
                Logic::And => Predicate::All(parts),
                Logic::Or => Predicate::Any(parts),
            }
        }
        Expr::Not(inner) => Predicate::Not(Box::new(predicate(crm, module, inner)?)),
        Expr::Condition(condition) => self::condition(crm, module, condition)?,
    })
}

/// A column of the module.
pub(super) fn column(crm: &CrmWorld, module: ModuleIndex, name: &str) -> Result<Path, Refusal> {
    Path::resolve(crm, module, name).ok_or_else(|| invalid_column(name, UNKNOWN))
}

fn condition(crm: &CrmWorld, module: ModuleIndex, condition: &Condition) -> Result<Predicate, Refusal> {
    let path = column(crm, module, &condition.column)?;
    let kind = path.kind(crm);
    let refuse = |reason| invalid_column(&condition.column, reason);
    let operand = |literal: &Literal| operand(kind, literal).ok_or_else(|| refuse(VALUE));
    if matches!(kind, Kind::TextArea | Kind::Subform | Kind::Image) {
        return Err(refuse("column is not supported in where clause"));
    }
    let test = match &condition.ask {
        Ask::Null => Test::Null,
        Ask::Compare(comparison, literal) => {
            let equality = matches!(comparison, Comparison::Equal | Comparison::NotEqual);
            if !equality && !ordered(kind) {
                return Err(refuse(OPERATOR));
            }
            Test::Compare(*comparison, operand(literal)?)
        }
        Ask::In(literals) if kind != Kind::Boolean => {
            Test::In(literals.iter().map(operand).collect::<Result<_, _>>()?)
        }
        Ask::Within(inner) if kind != Kind::Boolean => {
            let (found, scalars) = run::values(crm, inner)?;
            if class(found) != class(kind) {
                return Err(refuse(VALUE));
            }
            Test::In(scalars.iter().filter_map(as_operand).collect())
        }
        Ask::Between(low, high) if ordered(kind) => Test::Between(operand(low)?, operand(high)?),
        Ask::Like(pattern) if textual(kind) => Test::Like(Pattern::new(pattern)),
        Ask::In(_) | Ask::Within(_) | Ask::Between(..) | Ask::Like(_) => return Err(refuse(OPERATOR)),
    };
    Ok(Predicate::Test {
        path,
        test,
        negated: condition.negated,
    })
}

/// Whether values of a kind have a less and a greater.
pub(super) fn ordered(kind: Kind) -> bool {
    kind.is_number() || matches!(kind, Kind::Date | Kind::DateTime | Kind::Id)
}

fn textual(kind: Kind) -> bool {
    kind.is_text() || matches!(kind, Kind::Picklist | Kind::MultiPicklist | Kind::Tags)
}

/// What values of a kind can be compared with: values of the same class.
fn class(kind: Kind) -> u8 {
    match kind {
        Kind::Boolean => 0,
        Kind::Date => 1,
        Kind::DateTime => 2,
        _ if kind.is_reference() => 3,
        _ if kind.is_number() => 4,
        _ => 5,
    }
}

/// A value of a row as one to compare others with.
fn as_operand(scalar: &Scalar<'_>) -> Option<Operand> {
    Some(match scalar {
        Scalar::Null | Scalar::Texts(_) => return None,
        Scalar::Bool(value) => Operand::Bool(*value),
        Scalar::Int(value) => Operand::Int(*value),
        Scalar::Num(value) => Operand::Num(*value),
        Scalar::Date(value) => Operand::Date(*value),
        Scalar::Time(value) => Operand::Time(*value),
        Scalar::Id(value) => Operand::Id(*value),
        Scalar::Text(text) => Operand::folded(text),
    })
}

/// A literal as a value of a kind.
pub(crate) fn operand(kind: Kind, literal: &Literal) -> Option<Operand> {
    let text = match literal {
        Literal::Text(text) | Literal::Number(text) => text.as_str(),
        Literal::Bool(value) => return (kind == Kind::Boolean).then_some(Operand::Bool(*value)),
    };
    match kind {
        Kind::Boolean => match text {
            "true" => Some(Operand::Bool(true)),
            "false" => Some(Operand::Bool(false)),
            _ => None,
        },
        Kind::Date => time::parse_date(text).map(Operand::Date),
        Kind::DateTime => time::parse_instant(text).map(Operand::Time),
        _ if kind.is_reference() => ids::parse(text).map(Operand::Id),
        _ if kind.is_number() => match text.parse() {
            Ok(number) => Some(Operand::Int(number)),
            Err(_) => text
                .parse()
                .ok()
                .filter(|number: &f64| number.is_finite())
                .map(Operand::Num),
        },
        // A number without quotes is no text.
        _ => matches!(literal, Literal::Text(_)).then(|| Operand::folded(text)),
    }
}
