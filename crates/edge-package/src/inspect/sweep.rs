//! Wipes what calculations with secrets leave on the stack.

use zeroize::Zeroize;

/// Bytes that are overwritten: more than the deepest calculation with a key takes.
const REACH: usize = 128 * 1024;

/// Runs a calculation with secrets, and overwrites the part of the stack that it used.
///
/// Libraries wipe the keys they hold, but not each copy that a call leaves behind in its frame.
pub(crate) fn after<T>(calculation: impl FnOnce() -> T) -> T {
    let result = apart(calculation);
    overwrite();
    result
}

/// In a frame of its own, so that all of it lies where it is overwritten afterwards.
#[inline(never)]
fn apart<T>(calculation: impl FnOnce() -> T) -> T {
    calculation()
}

#[inline(never)]
fn overwrite() {
    let mut space = [0xa5_u8; REACH];
    std::hint::black_box(&mut space);
    space.zeroize();
    std::hint::black_box(&space);
}
