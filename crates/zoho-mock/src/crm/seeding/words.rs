//! The people, companies and places that seeded records speak of. All are invented.

use jiff::Timestamp;
use jiff::tz::Offset;

use crate::ids::Minter;

const FIRST: &[&str] = &[
    "Ada", "Amir", "Beatriz", "Carlos", "Chidi", "Dana", "Elif", "Fatima", "Grace", "Hiro", "Ines", "Jonas",
    "Kavya", "Lena", "Mateo", "Mei", "Noah", "Olga", "Priya", "Quentin", "Rosa", "Samuel", "Tomás", "Yusuf",
    "Zoë",
];
const LAST: &[&str] = &[
    "Adeyemi",
    "Bauer",
    "Castillo",
    "Dubois",
    "Eriksen",
    "Fischer",
    "García",
    "Haddad",
    "Ito",
    "Jansen",
    "Kowalski",
    "Lindqvist",
    "Moreau",
    "Ngo",
    "O'Hara",
    "Patel",
    "Quispe",
    "Rossi",
    "Sørensen",
    "Tanaka",
    "Usman",
    "Varga",
    "Walker",
    "Xu",
    "Zimmermann",
];
const TRADES: &[&str] = &[
    "Analytics",
    "Bakery",
    "Chemicals",
    "Design",
    "Electronics",
    "Foods",
    "Freight",
    "Gardens",
    "Insurance",
    "Labs",
    "Logistics",
    "Motors",
    "Optics",
    "Partners",
    "Robotics",
    "Shipping",
    "Software",
    "Solar",
    "Textiles",
    "Tools",
];
const PLACES: &[(&str, &str, &str)] = &[
    ("Austin", "TX", "USA"),
    ("Bergen", "Vestland", "Norway"),
    ("Chennai", "Tamil Nadu", "India"),
    ("Kyoto", "Kyoto", "Japan"),
    ("Lyon", "Auvergne-Rhône-Alpes", "France"),
    ("Porto", "Porto", "Portugal"),
    ("Toronto", "Ontario", "Canada"),
    ("Zürich", "Zürich", "Switzerland"),
];
const TITLES: &[&str] = &[
    "Chief Executive",
    "Buyer",
    "Engineer",
    "Head of Sales",
    "Office Manager",
    "Purchasing Lead",
    "Researcher",
];

/// What one record speaks of.
pub(super) struct Words {
    number: u64,
    first: &'static str,
    last: &'static str,
    company: String,
    place: (&'static str, &'static str, &'static str),
    title: &'static str,
    house: u64,
}

impl Words {
    pub(super) fn new(minter: &mut Minter, number: u64) -> Self {
        let mut draw = |most: usize| usize::try_from(minter.bits() % most as u64).unwrap_or(0);
        let founder = LAST.get(draw(LAST.len())).copied().unwrap_or_default();
        let trade = TRADES.get(draw(TRADES.len())).copied().unwrap_or_default();
        Self {
            number,
            first: FIRST.get(draw(FIRST.len())).copied().unwrap_or_default(),
            last: LAST.get(draw(LAST.len())).copied().unwrap_or_default(),
            company: format!("{founder} {trade}"),
            place: PLACES.get(draw(PLACES.len())).copied().unwrap_or_default(),
            title: TITLES.get(draw(TITLES.len())).copied().unwrap_or_default(),
            house: 1 + draw(240) as u64,
        }
    }

    /// A text for a field of that name.
    pub(super) fn text(&self, field: &str, unique: bool, length: u32) -> Option<String> {
        let number = self.number;
        let (city, state, country) = self.place;
        let bare = field
            .trim_start_matches("Mailing_")
            .trim_start_matches("Billing_")
            .trim_start_matches("Shipping_")
            .trim_start_matches("Other_");
        let text = match bare {
            _ if unique => format!(
                "{}-{number:07}",
                field.chars().take(3).collect::<String>().to_uppercase()
            ),
            "First_Name" => self.first.to_owned(),
            "Last_Name" => self.last.to_owned(),
            "Company" => self.company.clone(),
            // These name their records, so that no two should be the same.
            "Account_Name" | "Vendor_Name" => format!("{} {number}", self.company),
            "Designation" | "Title" | "Department" => self.title.to_owned(),
            "Street" => format!("{} {} Street", self.house, self.last),
            "City" => city.to_owned(),
            "State" => state.to_owned(),
            "Country" => country.to_owned(),
            "Zip_Code" | "Code" | "Zip" => format!("{:05}", 10_000 + self.house * 37),
            "Description" => format!("{} of {} asked for an offer.", self.first, self.company),
            "Twitter" | "Skype_ID" => format!("{}{number}", ascii(self.first)),
            _ => format!("{} {number}", field.replace('_', " ")),
        };
        Some(text.chars().take(length as usize).collect())
    }

    /// An address that no other record of the module has.
    pub(super) fn email(&self, field: &str) -> String {
        let box_of = match field {
            "Email" => String::new(),
            other => format!("+{}", ascii(other)),
        };
        let (first, last, number) = (ascii(self.first), ascii(self.last), self.number);
        format!("{first}.{last}{number}{box_of}@{}.example", ascii(&self.company))
    }

    pub(super) fn website(&self) -> String {
        format!("https://www.{}.example", ascii(&self.company))
    }
}

/// The plain letters of a name, small.
fn ascii(text: &str) -> String {
    let letters = text.chars().filter_map(|letter| match letter {
        'ü' => Some('u'),
        'ø' => Some('o'),
        'á' => Some('a'),
        'í' => Some('i'),
        'ë' => Some('e'),
        letter if letter.is_ascii_alphanumeric() => Some(letter.to_ascii_lowercase()),
        _ => None,
    });
    letters.collect()
}

/// A day as a caller sends it.
pub(super) fn day(seconds: i64) -> Option<String> {
    let at = Timestamp::from_second(seconds).ok()?;
    Some(Offset::UTC.to_datetime(at).date().to_string())
}

/// An instant as a caller sends it.
pub(super) fn instant(seconds: i64) -> Option<String> {
    let at = Timestamp::from_second(seconds).ok()?;
    Some(format!(
        "{}+00:00",
        Offset::UTC.to_datetime(at).strftime("%Y-%m-%dT%H:%M:%S")
    ))
}
