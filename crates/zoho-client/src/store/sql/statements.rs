//! The statements: those that both databases understand, and those that each needs in its own words.

/// What the two databases say differently.
///
/// Writes are numbered over the whole store. SQLite numbers rows (`AUTOINCREMENT` gives no number
/// twice), so that a write there replaces the row; PostgreSQL has a sequence.
pub(super) struct Statements {
    pub(super) put: &'static str,
    pub(super) put_absent: &'static str,
    pub(super) put_unchanged: &'static str,
    pub(super) put_held: &'static str,
    pub(super) remove: &'static str,
    pub(super) remove_unchanged: &'static str,
    pub(super) remove_held: &'static str,
}

pub(super) const GET: &str = "SELECT value, version FROM zoho_values WHERE key = $1";

pub(super) const KEYS: &str = "SELECT key FROM zoho_values \
    WHERE key >= $1 AND (CAST($2 AS TEXT) IS NULL OR key < CAST($2 AS TEXT)) ORDER BY key";

pub(super) const ACQUIRE: &str = "INSERT INTO zoho_leases (name, holder, fence, ends) VALUES ($1, $2, 1, $3) \
    ON CONFLICT (name) DO UPDATE \
    SET holder = excluded.holder, fence = zoho_leases.fence + 1, ends = excluded.ends \
    WHERE zoho_leases.holder = excluded.holder OR zoho_leases.ends <= $4 \
    RETURNING fence";

pub(super) const RENEW: &str = "UPDATE zoho_leases SET ends = $4 \
    WHERE name = $1 AND holder = $2 AND fence = $3 RETURNING fence";

/// Nobody's from now on; the fence stays, so that fences only grow.
pub(super) const RELEASE: &str = "UPDATE zoho_leases SET holder = '', ends = $4 \
    WHERE name = $1 AND holder = $2 AND fence = $3 RETURNING fence";

const PUT_ABSENT: &str =
    "INSERT INTO zoho_values (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING RETURNING version";

const REMOVE: &str = "DELETE FROM zoho_values WHERE key = $1 RETURNING version";

const REMOVE_UNCHANGED: &str = "DELETE FROM zoho_values WHERE key = $1 AND version = $2 RETURNING version";

/// One writer at a time has the whole file: a guard that was read holds until the write.
#[cfg(feature = "sqlite")]
pub(super) static SQLITE: Statements = Statements {
    put: "INSERT OR REPLACE INTO zoho_values (key, value) VALUES ($1, $2) RETURNING version",
    put_absent: PUT_ABSENT,
    put_unchanged: "INSERT OR REPLACE INTO zoho_values (key, value) \
        SELECT key, $2 FROM zoho_values WHERE key = $1 AND version = $3 RETURNING version",
    put_held: "INSERT OR REPLACE INTO zoho_values (key, value) \
        SELECT $1, $2 FROM zoho_leases WHERE name = $3 AND holder = $4 AND fence = $5 RETURNING version",
    remove: REMOVE,
    remove_unchanged: REMOVE_UNCHANGED,
    remove_held: "DELETE FROM zoho_values WHERE key = $1 AND EXISTS \
        (SELECT 1 FROM zoho_leases WHERE name = $2 AND holder = $3 AND fence = $4) RETURNING version",
};

/// Writers run beside each other: a guard stands where it is tested again under the row's lock, or
/// locks the lease against being granted meanwhile.
#[cfg(feature = "postgres")]
pub(super) static POSTGRES: Statements = Statements {
    put: "INSERT INTO zoho_values (key, value) VALUES ($1, $2) \
        ON CONFLICT (key) DO UPDATE SET value = excluded.value, version = nextval('zoho_writes') \
        RETURNING version",
    put_absent: PUT_ABSENT,
    put_unchanged: "UPDATE zoho_values SET value = $2, version = nextval('zoho_writes') \
        WHERE key = $1 AND version = $3 RETURNING version",
    put_held: "WITH held AS (SELECT 1 FROM zoho_leases \
            WHERE name = $3 AND holder = $4 AND fence = $5 FOR SHARE) \
        INSERT INTO zoho_values (key, value) SELECT $1, $2 FROM held \
        ON CONFLICT (key) DO UPDATE SET value = excluded.value, version = nextval('zoho_writes') \
        RETURNING version",
    remove: REMOVE,
    remove_unchanged: REMOVE_UNCHANGED,
    remove_held: "WITH held AS (SELECT 1 FROM zoho_leases \
            WHERE name = $2 AND holder = $3 AND fence = $4 FOR SHARE) \
        DELETE FROM zoho_values WHERE key = $1 AND EXISTS (SELECT 1 FROM held) RETURNING version",
};
