//! Tokens: fetched once for all who wait, renewed before they end.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use secrecy::SecretString;
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::error::Error;

/// How long a token is valid when IAM doesn't say (section 3.2).
pub(crate) const DEFAULT_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

/// How long before its end a token is renewed, at most. Short-lived ones are renewed in their last tenth.
const RENEW_BEFORE: Duration = Duration::from_secs(30 * 60);

/// How long a failed renewal is left alone while the token at hand is still good.
const RENEW_AGAIN: Duration = Duration::from_secs(30);

/// A token with what IAM said about it.
#[derive(Debug)]
pub(crate) struct Token {
    pub(crate) secret: SecretString,
    /// The project it is valid in, when it is valid in one.
    pub(crate) project_id: Option<String>,
    /// When to get another one.
    renew_at: Instant,
    /// When it is of no use any more.
    ends_at: Instant,
}

impl Token {
    pub(crate) fn new(
        secret: SecretString,
        project_id: Option<String>,
        lifetime: Duration,
    ) -> Self {
        let now = Instant::now();
        Self {
            secret,
            project_id,
            renew_at: now + lifetime.saturating_sub(RENEW_BEFORE.min(lifetime / 10)),
            ends_at: now + lifetime,
        }
    }
}

/// Keeps the token of one credential.
#[derive(Default)]
pub(crate) struct TokenCache {
    state: Mutex<State>,
    /// How many fetches have failed, so that who waited during one takes its error instead of trying the
    /// same wrong password again.
    failures: AtomicU64,
}

#[derive(Default)]
struct State {
    token: Option<Arc<Token>>,
    failure: Option<Error>,
    /// No renewal before this moment, because one has just failed.
    quiet_until: Option<Instant>,
}

impl fmt::Debug for TokenCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenCache").finish_non_exhaustive()
    }
}

impl TokenCache {
    /// The token, fetched when there is none or it nears its end.
    ///
    /// # Errors
    /// What `fetch` says, unless the token at hand is still good.
    pub(crate) async fn get<F, T>(&self, fetch: F) -> Result<Arc<Token>, Error>
    where
        F: FnOnce() -> T,
        T: Future<Output = Result<Token, Error>>,
    {
        let failures = self.failures.load(Ordering::Acquire);
        let mut state = self.state.lock().await;
        let now = Instant::now();
        let current = state.token.clone().filter(|token| token.ends_at > now);
        let quiet = state.quiet_until.is_some_and(|until| until > now);
        if let Some(token) = current
            .as_ref()
            .filter(|token| quiet || token.renew_at > now)
        {
            return Ok(token.clone());
        }
        if self.failures.load(Ordering::Acquire) != failures
            && let Some(error) = &state.failure
        {
            return current.ok_or_else(|| error.clone());
        }
        match fetch().await {
            Ok(token) => {
                let token = Arc::new(token);
                state.token = Some(token.clone());
                state.failure = None;
                state.quiet_until = None;
                Ok(token)
            }
            Err(error) => {
                state.failure = Some(error.clone());
                state.quiet_until = Some(Instant::now() + RENEW_AGAIN);
                self.failures.fetch_add(1, Ordering::Release);
                current.ok_or(error)
            }
        }
    }

    /// Throws away a token that was not accepted. Another one that came meanwhile stays.
    pub(crate) async fn discard(&self, refused: &Arc<Token>) {
        let mut state = self.state.lock().await;
        if state
            .token
            .as_ref()
            .is_some_and(|token| Arc::ptr_eq(token, refused))
        {
            state.token = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::Duration;

    use futures_util::future::join_all;

    use super::{Token, TokenCache};
    use crate::error::{Context, Error};

    struct Iam {
        cache: TokenCache,
        fetched: AtomicU32,
    }

    impl Iam {
        fn new() -> Self {
            Self {
                cache: TokenCache::default(),
                fetched: AtomicU32::new(0),
            }
        }

        async fn get(&self, works: bool) -> Result<std::sync::Arc<Token>, Error> {
            self.cache
                .get(|| async {
                    self.fetched.fetch_add(1, Ordering::Relaxed);
                    tokio::time::sleep(Duration::from_secs(1)).await;
                    if works {
                        let lifetime = Duration::from_secs(1000);
                        Ok(Token::new("t".into(), None, lifetime))
                    } else {
                        let context = Box::<Context>::default();
                        Err(Error::SignIn { context })
                    }
                })
                .await
        }

        fn fetched(&self) -> u32 {
            self.fetched.load(Ordering::Relaxed)
        }
    }

    #[tokio::test(start_paused = true)]
    async fn all_who_wait_share_one_fetch() {
        let iam = Iam::new();
        let tokens = join_all((0..50).map(|_| iam.get(true))).await;
        assert!(tokens.iter().all(Result::is_ok));
        assert_eq!(iam.fetched(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn all_who_wait_share_one_refusal() {
        let iam = Iam::new();
        let tokens = join_all((0..50).map(|_| iam.get(false))).await;
        assert!(tokens.iter().all(Result::is_err));
        assert_eq!(iam.fetched(), 1, "a wrong password is tried once");
        assert!(
            iam.get(true).await.is_ok(),
            "whoever comes later tries again"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn it_is_renewed_before_its_end() {
        let iam = Iam::new();
        iam.get(true).await.expect("a token");
        tokio::time::advance(Duration::from_secs(890)).await;
        iam.get(true).await.expect("the same");
        assert_eq!(iam.fetched(), 1);
        tokio::time::advance(Duration::from_secs(20)).await;
        iam.get(true).await.expect("a new one");
        assert_eq!(iam.fetched(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_failed_renewal_keeps_what_is_still_good() {
        let iam = Iam::new();
        iam.get(true).await.expect("a token");
        tokio::time::advance(Duration::from_secs(910)).await;
        assert!(iam.get(false).await.is_ok());
        tokio::time::advance(Duration::from_secs(100)).await;
        assert!(iam.get(false).await.is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn only_the_refused_token_is_thrown_away() {
        let iam = Iam::new();
        let first = iam.get(true).await.expect("a token");
        iam.cache.discard(&first).await;
        let second = iam.get(true).await.expect("another");
        assert_eq!(iam.fetched(), 2);
        iam.cache.discard(&first).await;
        let third = iam.get(true).await.expect("the second");
        assert!(std::sync::Arc::ptr_eq(&second, &third));
    }

    #[tokio::test(start_paused = true)]
    async fn a_cancelled_fetch_leaves_the_next_free() {
        let iam = Iam::new();
        let cancelled = tokio::time::timeout(Duration::from_millis(1), iam.get(true)).await;
        assert!(cancelled.is_err());
        assert!(iam.get(true).await.is_ok());
        assert_eq!(iam.fetched(), 2);
    }
}
