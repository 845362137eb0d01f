//! Which rows a version of the table changed, so that orders are mended instead of sorted anew.

/// Rows that were touched: named ones, or too many to name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Rows {
    rows: Vec<u32>,
    too_many: bool,
}

impl Rows {
    /// Adds a row, or gives up naming them when more than `limit` are.
    pub(crate) fn insert(&mut self, row: u32, limit: usize) {
        if self.too_many || self.rows.last() == Some(&row) {
            return;
        }
        self.rows.push(row);
        self.give_up_above(limit);
    }

    /// Takes over what the other names.
    pub(crate) fn absorb(&mut self, other: &Self, limit: usize) {
        self.too_many |= other.too_many;
        if !self.too_many {
            self.rows.extend(&other.rows);
        }
        self.give_up_above(limit);
    }

    /// The rows, possibly repeated and in no order; `None` when they are too many.
    pub(crate) fn named(&self) -> Option<&[u32]> {
        (!self.too_many).then_some(&self.rows)
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    fn give_up_above(&mut self, limit: usize) {
        if self.rows.len() > limit {
            self.too_many = true;
        }
        if self.too_many {
            self.rows = Vec::new();
        }
    }
}

/// What one version changed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Touched {
    /// Rows that came, went, or changed their identifier.
    pub(crate) membership: Rows,
    /// Rows with another value, for each stored column.
    pub(crate) columns: Vec<Rows>,
}

impl Touched {
    pub(crate) fn new(columns: usize) -> Self {
        Self {
            membership: Rows::default(),
            columns: vec![Rows::default(); columns],
        }
    }

    /// Everything may be different.
    pub(crate) fn everything(columns: usize) -> Self {
        let all = Rows {
            rows: Vec::new(),
            too_many: true,
        };
        Self {
            membership: all.clone(),
            columns: vec![all; columns],
        }
    }

    pub(crate) fn absorb(&mut self, other: &Self, limit: usize) {
        self.membership.absorb(&other.membership, limit);
        for (mine, other) in self.columns.iter_mut().zip(&other.columns) {
            mine.absorb(other, limit);
        }
    }

    /// How many rows are named, with repetitions.
    pub(crate) fn len(&self) -> usize {
        self.membership.len() + self.columns.iter().map(Rows::len).sum::<usize>()
    }
}
