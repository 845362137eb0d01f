//! What is on the disk and in memory as well.

use std::sync::{Arc, Mutex, PoisonError, RwLock};

/// A value that is on the disk as well. It changes on the disk first, then here; whoever reads it meanwhile
/// gets it as it was and waits for no disk.
#[derive(Debug, Default)]
pub(crate) struct Kept<T> {
    /// Held while somebody writes.
    writing: Mutex<()>,
    /// Held for a moment only.
    current: RwLock<Arc<T>>,
}

impl<T: Clone> Kept<T> {
    pub(crate) fn new(value: T) -> Self {
        Self {
            writing: Mutex::new(()),
            current: RwLock::new(Arc::new(value)),
        }
    }

    pub(crate) fn get(&self) -> Arc<T> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes the value and writes it, which may take long. When either fails, nothing has changed. Nobody
    /// else changes it in between, so that what `change` checks holds for what is written.
    pub(crate) fn change<R, E>(
        &self,
        change: impl FnOnce(&mut T) -> Result<R, E>,
        write: impl FnOnce(&T) -> Result<(), E>,
    ) -> Result<R, E> {
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut changed = T::clone(&self.get());
        let answer = change(&mut changed)?;
        write(&changed)?;
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(changed);
        Ok(answer)
    }
}

#[cfg(test)]
mod tests {
    use super::Kept;

    #[test]
    fn readers_get_the_old_value_while_the_new_one_is_written() {
        let kept = Kept::new(1);
        let seen = kept.change(
            |value| {
                *value = 2;
                Ok::<_, ()>(())
            },
            |written| {
                assert_eq!(*written, 2);
                let read = kept.current.try_read().map(|it| **it);
                assert_eq!(read.ok(), Some(1), "nobody waits for the disk");
                Ok(())
            },
        );
        assert_eq!((seen, *kept.get()), (Ok(()), 2));
    }

    #[test]
    fn what_can_not_be_written_has_not_changed() {
        let kept = Kept::new(1);
        let change = |value: &mut i32| {
            *value = 2;
            Ok(())
        };
        assert_eq!(kept.change(change, |_| Err("disk full")), Err("disk full"));
        assert_eq!(*kept.get(), 1);
    }
}
