//! Work that waits for a database, on a thread that may wait.

use tokio::sync::oneshot;

use crate::store::StoreError;

/// Runs `work` where waiting holds up nobody, and returns what came of it.
///
/// # Errors
/// [`StoreError::Stopped`] where there is no such thread any more, or `work` panicked.
pub async fn run<T, E>(work: impl FnOnce() -> Result<T, E> + Send + 'static) -> Result<T, E>
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    let (answer, answered) = oneshot::channel();
    // Boxed here: a task of a type of its own for each of hundreds of jobs would make the program a tenth larger.
    let work: Box<dyn FnOnce() + Send> = Box::new(move || {
        // Whoever asked may have gone; then nobody needs the answer.
        drop(answer.send(work()));
    });
    drop(tokio::task::spawn_blocking(work));
    answered.await.unwrap_or_else(|_| Err(StoreError::Stopped.into()))
}
