//! Rows in order: sorted once, mended after changes.

use std::cmp::Ordering;
use std::sync::Arc;

use super::cache::Order;
use crate::snapshot::Snapshot;
use crate::store::bitmap::Bitmap;
use crate::store::column::Stored;
use crate::store::schema::{ID_COLUMN, NAME_COLUMN};
use crate::store::table::Table;

/// A column to sort by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    pub(crate) place: usize,
    pub(crate) descending: bool,
}

/// Texts are compared eight bytes at a time up to here; what is still equal then is compared whole.
const DEEPEST: usize = 128;
/// Fewer equal beginnings than this are compared whole.
const FEW: usize = 12;

/// The keys that decide: the group's first, each column once, and nothing that is the case anyway.
pub(crate) fn normal(group: Option<usize>, keys: Vec<Key>) -> Vec<Key> {
    let group = group.map(|place| {
        let asked = keys.iter().find(|key| key.place == place);
        Key {
            place,
            descending: asked.is_some_and(|key| key.descending),
        }
    });
    let mut normal: Vec<Key> = Vec::with_capacity(keys.len() + 1);
    for key in group.into_iter().chain(keys) {
        if normal.iter().all(|known| known.place != key.place) {
            normal.push(key);
        }
    }
    if let Some(id) = normal.iter().position(|key| key.place == ID_COLUMN) {
        normal.truncate(id + 1);
    }
    while normal.last()
        == Some(&Key {
            place: NAME_COLUMN,
            descending: false,
        })
    {
        normal.pop();
    }
    normal
}

/// All rows of a version in order.
pub(crate) fn rows_in_order(snapshot: &Snapshot, keys: &[Key]) -> Arc<Vec<u32>> {
    let known = snapshot.history().cache().order(keys);
    let mended = known.and_then(|known| mended(snapshot, &known));
    let rows = mended.unwrap_or_else(|| match keys.split_first() {
        None => Arc::new(sort_by_name(snapshot)),
        Some((first, rest)) => sort_by(snapshot, *first, &rows_in_order(snapshot, rest)),
    });
    let order = Order::new(snapshot.generation(), keys, Arc::clone(&rows));
    snapshot.history().cache().keep_order(order);
    rows
}

/// Brings the orders that were used since the last time to a version that is about to be published, so that the
/// first answer after a reload is as fast as any.
pub(crate) fn renewed(snapshot: &Snapshot) -> Vec<Order> {
    let mut used = snapshot.history().cache().take_used_orders();
    used.sort_by_key(|order| order.keys.len());
    let mut renewed = Vec::with_capacity(used.len());
    for known in used {
        let rows =
            mended(snapshot, &known).unwrap_or_else(|| anew(snapshot, &known.keys, &renewed));
        renewed.push(Order::new(snapshot.generation(), &known.keys, rows));
    }
    renewed
}

/// Sorts anew, on top of what has been renewed already.
fn anew(snapshot: &Snapshot, keys: &[Key], renewed: &[Order]) -> Arc<Vec<u32>> {
    if let Some(known) = renewed.iter().find(|order| order.keys == keys) {
        return Arc::clone(&known.rows);
    }
    match keys.split_first() {
        None => Arc::new(sort_by_name(snapshot)),
        Some((first, rest)) => sort_by(snapshot, *first, &anew(snapshot, rest, renewed)),
    }
}

/// An order of an earlier version brought to this one, if it is known what has changed since.
fn mended(snapshot: &Snapshot, known: &Order) -> Option<Arc<Vec<u32>>> {
    let table = snapshot.table();
    let generation = snapshot.generation();
    if known.generation == generation {
        return Some(Arc::clone(&known.rows));
    }
    let mut columns: Vec<_> = known.keys.iter().map(|key| key.place).collect();
    columns.push(NAME_COLUMN);
    let limit = table.touch_limit();
    let touched =
        snapshot
            .history()
            .touched_between(known.generation, generation, &columns, limit)?;
    if touched.is_empty() {
        return Some(Arc::clone(&known.rows));
    }
    Some(Arc::new(mend(table, &known.keys, &known.rows, touched)))
}

/// Takes the touched rows out of an order and puts those that are still there where they belong now.
fn mend(table: &Table, keys: &[Key], rows: &[u32], mut touched: Vec<u32>) -> Vec<u32> {
    let mut moved = Bitmap::empty(table.chunks().len());
    for &row in &touched {
        moved.insert(row);
    }
    let kept: Vec<u32> = rows
        .iter()
        .copied()
        .filter(|&row| !moved.contains(row))
        .collect();
    touched.clear();
    touched.extend(moved.iter().filter(|&row| table.is_live(row)));
    touched.sort_unstable_by(|&a, &b| compare(table, keys, a, b));
    let mut mended = Vec::with_capacity(kept.len() + touched.len());
    let mut taken = 0;
    for row in touched {
        let place = taken
            + kept[taken..].partition_point(|&before| compare(table, keys, before, row).is_lt());
        mended.extend_from_slice(&kept[taken..place]);
        mended.push(row);
        taken = place;
    }
    mended.extend_from_slice(&kept[taken..]);
    mended
}

/// Sorts rows by one column, equal ones as they stand.
fn sort_by(snapshot: &Snapshot, first: Key, before: &[u32]) -> Arc<Vec<u32>> {
    let table = snapshot.table();
    let (mut present, missing): (Vec<u32>, Vec<u32>) = before
        .iter()
        .partition(|&&row| !table.get(row, first.place).is_missing());
    match present.first().map(|&row| table.get(row, first.place)) {
        None => {}
        Some(Stored::Text(_)) => {
            let text = |row: u32| table.folded(row, first.place).as_bytes();
            sort_texts(&mut present, first.descending, &text, &|_, _| {
                Ordering::Equal
            });
        }
        Some(_) => {
            let ranks = table.dictionary(first.place).ranks();
            let word = |row: u32| match table.get(row, first.place) {
                // Flipping the sign's bit makes negative numbers the smaller words.
                Stored::Number(number) => number as u64 ^ 1 << 63,
                Stored::Flag(flag) => u64::from(flag),
                Stored::Code(code) => {
                    u64::from(ranks.get(code as usize).copied().unwrap_or(u32::MAX))
                }
                Stored::Text(_) => 0,
            };
            let flip = if first.descending { u64::MAX } else { 0 };
            let mut items: Vec<_> = present.iter().map(|&row| (word(row) ^ flip, row)).collect();
            items.sort_by_key(|(word, _)| *word);
            for (row, (_, sorted)) in present.iter_mut().zip(items) {
                *row = sorted;
            }
        }
    }
    present.extend(missing);
    Arc::new(present)
}

fn sort_by_name(snapshot: &Snapshot) -> Vec<u32> {
    let table = snapshot.table();
    let by_id = |a: u32, b: u32| table.id(a).cmp(table.id(b));
    let (mut named, mut nameless): (Vec<u32>, Vec<u32>) = snapshot
        .live_rows()
        .iter()
        .partition(|&row| !table.name(row).is_empty());
    let name = |row: u32| table.folded(row, NAME_COLUMN).as_bytes();
    sort_texts(&mut named, false, &name, &by_id);
    nameless.sort_unstable_by(|&a, &b| by_id(a, b));
    named.extend(nameless);
    named
}

/// Sorts rows by their texts, equal ones as `ties` says or else as they stand.
fn sort_texts<'a>(
    rows: &mut [u32],
    descending: bool,
    text: &impl Fn(u32) -> &'a [u8],
    ties: &impl Fn(u32, u32) -> Ordering,
) {
    let mut items: Vec<_> = rows.iter().map(|&row| (0, row)).collect();
    sort_from(&mut items, 0, descending, text, ties);
    for (row, (_, sorted)) in rows.iter_mut().zip(items) {
        *row = sorted;
    }
}

/// Sorts rows whose texts are equal up to `depth` bytes.
fn sort_from<'a>(
    items: &mut [(u64, u32)],
    depth: usize,
    descending: bool,
    text: &impl Fn(u32) -> &'a [u8],
    ties: &impl Fn(u32, u32) -> Ordering,
) {
    let whole = |a: &(u64, u32), b: &(u64, u32)| {
        let order = text(a.1).cmp(text(b.1));
        if descending { order.reverse() } else { order }.then_with(|| ties(a.1, b.1))
    };
    if items.len() < FEW || depth >= DEEPEST {
        items.sort_by(whole);
        return;
    }
    let flip = if descending { u64::MAX } else { 0 };
    for item in items.iter_mut() {
        item.0 = word(text(item.1), depth) ^ flip;
    }
    items.sort_by_key(|(word, _)| *word);
    for equal in items.chunk_by_mut(|a, b| a.0 == b.0) {
        let ended = (equal[0].0 ^ flip) & 0xff == 0;
        if equal.len() == 1 {
            continue;
        }
        if ended {
            // The texts ended, or hold a zero: either way few more bytes decide.
            equal.sort_by(whole);
        } else {
            sort_from(equal, depth + 8, descending, text, ties);
        }
    }
}

/// Eight bytes of a text as a number that compares like them; zeros after its end.
fn word(text: &[u8], depth: usize) -> u64 {
    let rest = text.get(depth..).unwrap_or_default();
    let mut word = [0; 8];
    let length = rest.len().min(8);
    word[..length].copy_from_slice(&rest[..length]);
    u64::from_be_bytes(word)
}

/// Compares two rows as the sorted order has them.
fn compare(table: &Table, keys: &[Key], a: u32, b: u32) -> Ordering {
    for key in keys {
        let order = compare_by(table, *key, a, b);
        if order.is_ne() {
            return order;
        }
    }
    let by_name = Key {
        place: NAME_COLUMN,
        descending: false,
    };
    compare_by(table, by_name, a, b).then_with(|| table.id(a).cmp(table.id(b)))
}

fn compare_by(table: &Table, key: Key, a: u32, b: u32) -> Ordering {
    let (first, second) = (table.get(a, key.place), table.get(b, key.place));
    let order = match (first.is_missing(), second.is_missing()) {
        (true, true) => return Ordering::Equal,
        (true, false) => return Ordering::Greater,
        (false, true) => return Ordering::Less,
        (false, false) => match (first, second) {
            (Stored::Text(_), _) => table.folded(a, key.place).cmp(table.folded(b, key.place)),
            (Stored::Code(first), Stored::Code(second)) => {
                table.dictionary(key.place).compare(first, second)
            }
            (Stored::Number(first), Stored::Number(second)) => first.cmp(&second),
            (Stored::Flag(first), Stored::Flag(second)) => first.cmp(&second),
            _ => Ordering::Equal,
        },
    };
    if key.descending {
        order.reverse()
    } else {
        order
    }
}
