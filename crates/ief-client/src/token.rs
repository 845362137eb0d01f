//! Tokens: fetched once for all who wait, renewed before they end.

use std::fmt;
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError};
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
    /// What IAM said when it refused the credential. Nothing is fetched while it stands here: services lock
    /// users who fail too often. Beside the state, so that it can be read while a fetch is under way.
    refusal: std::sync::Mutex<Option<Error>>,
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
    /// What `fetch` says, unless the token at hand is still good. Once that was a refusal of the credential,
    /// the same at once, until [`Self::forget_refusal`].
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
        if let Some(error) = self.refusal() {
            return current.ok_or(error);
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
                if refuses_credential(&error) {
                    self.keep_refusal(Some(error.clone()));
                }
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

    /// What IAM said when it refused the credential, if it did.
    pub(crate) fn refusal(&self) -> Option<Error> {
        let refusal = self.refusal.lock();
        refusal.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Lets the credential be tried once more.
    pub(crate) fn forget_refusal(&self) {
        self.keep_refusal(None);
    }

    fn keep_refusal(&self, refusal: Option<Error>) {
        *self.refusal.lock().unwrap_or_else(PoisonError::into_inner) = refusal;
    }
}

/// Whether this is IAM's last word about the credential, rather than a fault on the way or a request that it
/// would have refused from anybody.
fn refuses_credential(error: &Error) -> bool {
    matches!(error, Error::SignIn { .. }) && matches!(error.status(), Some(401 | 403))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::Duration;

    use futures_util::future::join_all;

    use super::{Token, TokenCache};
    use crate::error::{Context, Error};

    /// What IAM answers.
    #[derive(Clone, Copy)]
    enum Says {
        Yes,
        /// No, with this status.
        No(u16),
    }
    use Says::{No, Yes};

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

        async fn get(&self, says: Says) -> Result<std::sync::Arc<Token>, Error> {
            self.cache
                .get(|| async {
                    self.fetched.fetch_add(1, Ordering::Relaxed);
                    tokio::time::sleep(Duration::from_secs(1)).await;
                    let context = |status| {
                        Box::new(Context {
                            status: Some(status),
                            ..Context::default()
                        })
                    };
                    match says {
                        Yes => Ok(Token::new("t".into(), None, Duration::from_secs(1000))),
                        No(status @ 500..) => Err(Error::ServiceFailure {
                            context: context(status),
                        }),
                        No(status) => Err(Error::SignIn {
                            context: context(status),
                        }),
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
        let tokens = join_all((0..50).map(|_| iam.get(Yes))).await;
        assert!(tokens.iter().all(Result::is_ok));
        assert_eq!(iam.fetched(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn all_who_wait_share_one_failure() {
        for status in [400, 500] {
            let iam = Iam::new();
            let tokens = join_all((0..50).map(|_| iam.get(No(status)))).await;
            assert!(tokens.iter().all(Result::is_err));
            assert_eq!(iam.fetched(), 1);
            assert!(
                iam.get(Yes).await.is_ok(),
                "whoever comes later tries again"
            );
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_refused_credential_is_tried_again_only_when_told_to() {
        for status in [401, 403] {
            let iam = Iam::new();
            let tokens = join_all((0..50).map(|_| iam.get(No(status)))).await;
            assert!(tokens.iter().all(Result::is_err));
            for _ in 0..100 {
                tokio::time::advance(Duration::from_secs(30)).await;
                let error = iam.get(Yes).await.expect_err("the same at once");
                assert_eq!(error.status(), Some(status));
            }
            assert_eq!(iam.fetched(), 1, "a wrong password is tried once");
            iam.cache.forget_refusal();
            assert!(iam.get(Yes).await.is_ok());
            assert_eq!(iam.fetched(), 2);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_refused_renewal_is_not_repeated_and_keeps_what_is_still_good() {
        let iam = Iam::new();
        iam.get(Yes).await.expect("a token");
        tokio::time::advance(Duration::from_secs(910)).await;
        assert!(iam.get(No(401)).await.is_ok());
        tokio::time::advance(Duration::from_secs(40)).await;
        assert!(iam.get(No(401)).await.is_ok());
        tokio::time::advance(Duration::from_secs(60)).await;
        assert!(iam.get(No(401)).await.is_err(), "it has ended");
        assert_eq!(iam.fetched(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn it_is_renewed_before_its_end() {
        let iam = Iam::new();
        iam.get(Yes).await.expect("a token");
        tokio::time::advance(Duration::from_secs(890)).await;
        iam.get(Yes).await.expect("the same");
        assert_eq!(iam.fetched(), 1);
        tokio::time::advance(Duration::from_secs(20)).await;
        iam.get(Yes).await.expect("a new one");
        assert_eq!(iam.fetched(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_failed_renewal_keeps_what_is_still_good() {
        let iam = Iam::new();
        iam.get(Yes).await.expect("a token");
        tokio::time::advance(Duration::from_secs(910)).await;
        assert!(iam.get(No(500)).await.is_ok());
        tokio::time::advance(Duration::from_secs(100)).await;
        assert!(iam.get(No(500)).await.is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn only_the_refused_token_is_thrown_away() {
        let iam = Iam::new();
        let first = iam.get(Yes).await.expect("a token");
        iam.cache.discard(&first).await;
        let second = iam.get(Yes).await.expect("another");
        assert_eq!(iam.fetched(), 2);
        iam.cache.discard(&first).await;
        let third = iam.get(Yes).await.expect("the second");
        assert!(std::sync::Arc::ptr_eq(&second, &third));
    }

    #[tokio::test(start_paused = true)]
    async fn a_cancelled_fetch_leaves_the_next_free() {
        let iam = Iam::new();
        let cancelled = tokio::time::timeout(Duration::from_millis(1), iam.get(Yes)).await;
        assert!(cancelled.is_err());
        assert!(iam.get(Yes).await.is_ok());
        assert_eq!(iam.fetched(), 2);
    }
}
