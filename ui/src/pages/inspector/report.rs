//! The report of one inspection: the verdict first, then why, then everything else folded.

use console_ipc::IpcError;
use console_ipc::call::Saved;
use console_ipc::error::ErrorKind;
use console_ipc::inspect::report::{Identity, Report};
use console_ipc::inspect::{
    InspectionSummary, RememberInspection, ReportFormat, SaveInspectionReport, ShowInspection,
    ShownInspection,
};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::certificates::{certificates, keys};
use super::desk::{Desk, spoken};
use super::judged::{JudgeFor, NotNow};
use super::lookup::{LookedUp, page_of};
use super::unfold::Unfold;
use super::unlock::Locked;
use super::{INSPECTOR, checks, contents, verdict};
use crate::day;
use crate::kit::menu::Item;
use crate::kit::{
    Button, EmptyState, ErrorNotice, Fact, Facts, Glyph, Id, Look, MenuButton, Skeleton, Text, sign,
};
use crate::kit::{Sign, text_or_dash};
use crate::pages::parts::Asked;
use crate::router;
use crate::state::App;
use crate::words::inspector as texts;
use crate::{format, ipc};

/// One inspection.
#[component]
pub(super) fn OneReport(id: String, desk: Desk) -> AnyView {
    let app = App::expect();
    let of_ask = id.clone();
    let asked = Asked::new(
        move || {
            app.inspections.track();
            app.refresh.track();
            // What another profile's service has said means nothing.
            app.session.track();
            ShowInspection {
                id: of_ask.clone(),
                at: desk.at(),
                language: spoken(),
            }
        },
        |shown| shown,
    );
    // What is drawn stays as it is while it is asked again, whatever comes of that.
    let place = Memo::new(move |_| {
        let there = asked.value.with(Option::is_some);
        match asked.error.get() {
            Some(error) if error.kind == ErrorKind::Gone => Place::Gone,
            _ if there => Place::There,
            Some(error) => Place::Failed(error),
            None => Place::Waiting,
        }
    });
    let body = move || match place.get() {
        Place::Gone => gone(desk),
        Place::There => view! { <Parts id=id.clone() asked=asked desk=desk /> }.into_any(),
        Place::Failed(error) => {
            view! { <ErrorNotice error=error on_retry=move || asked.reload() /> }.into_any()
        }
        Place::Waiting => view! { <div class="report"><Skeleton lines=10 /></div> }.into_any(),
    };
    view! { {body} }.into_any()
}

/// What stands in the place of a report.
#[derive(Clone, PartialEq)]
enum Place {
    Waiting,
    There,
    Failed(IpcError),
    Gone,
}

fn gone(desk: Desk) -> AnyView {
    view! {
        <EmptyState
            title=texts::gone
            text=texts::gone_text
            glyph=Glyph::Package
            action=(Text::from(texts::choose), Callback::new(move |()| desk.choose()))
        />
    }
    .into_any()
}

/// A part of the answer, which is drawn anew only when it is another.
fn part<T: PartialEq + Send + Sync + 'static>(
    asked: Asked<ShownInspection>,
    of: fn(&ShownInspection) -> T,
) -> Memo<Option<T>> {
    Memo::new(move |_| asked.value.with(|shown| shown.as_ref().map(of)))
}

#[component]
fn Parts(id: String, asked: Asked<ShownInspection>, desk: Desk) -> AnyView {
    let summary = part(asked, |shown| shown.summary.clone());
    let name = part(asked, |shown| shown.report.name.clone());
    let input = part(asked, |shown| {
        (
            shown.report.kind,
            shown.report.size,
            shown.report.sha256.clone(),
        )
    });
    let told = part(asked, |shown| {
        (shown.report.verdict, shown.report.headline.clone())
    });
    let checked = part(asked, |shown| shown.report.checks.clone());
    let about = part(asked, |shown| About::of(&shown.summary, &shown.report));
    let entries = part(asked, |shown| shown.report.entries.clone());
    let certs = part(asked, |shown| shown.report.certificates.clone());
    let found = part(asked, |shown| shown.report.keys.clone());
    let configs = part(asked, |shown| shown.report.configurations.clone());
    let locked = Memo::new(move |_| {
        asked.value.with(|shown| {
            let locked = shown.as_ref().map(|shown| shown.report.locked.clone());
            locked.unwrap_or_default()
        })
    });
    let stale = Memo::new(move |_| asked.error.get());
    let banner = move || {
        let (verdict, headline) = told.get()?;
        let class = format!("verdict verdict-{}", verdict::sign_of(verdict).class());
        Some(view! {
            <div class=class>
                {sign(verdict::sign_of(verdict))}
                <p class="verdict-headline">
                    <span class="unseen">{verdict::word_of(verdict)} ". "</span>
                    <strong class="selectable">{headline}</strong>
                </p>
            </div>
        })
    };
    view! {
        <article class="report">
            <header class="report-head">
                <div class="report-names">
                    <h1 class="cut selectable" data-tip=move || name.get()>{move || name.get()}</h1>
                    <p class="second small">{move || input.get().map(|(kind, size, sha256)| view! {
                        <span>{move || verdict::kind(&kind)}</span>
                        " · "
                        <span class="number">{format::bytes(size)}</span>
                        {(!sha256.is_empty()).then(|| view! {
                            " · SHA-256 "
                            <Id id=sha256 />
                        })}
                    })}</p>
                </div>
                <Actions id=id.clone() summary=summary desk=desk />
            </header>
            <JudgeFor desk=desk />
            {move || stale.get().map(|error| view! {
                <ErrorNotice error=error on_retry=move || asked.reload() />
            })}
            <div role="status" aria-live="polite" class="verdict-place">
                {banner}
                <NotNow desk=desk />
            </div>
            <Locked id=id places=locked desk=desk />
            {move || checked.get().map(|all| checks::reasons(&all))}
            {move || about.get().map(identity)}
            <LookedUp summary=summary desk=desk />
            <div class="report-folds">
                {move || checked.get().map(|all| checks::others(&all))}
                {move || entries.get().filter(|all| !all.is_empty()).map(|all| {
                    let refused = all.iter().filter(|entry| !entry.refused.is_empty()).count();
                    let count = all.len();
                    let said = move || {
                        let mut said = vec![texts::entries(format::count(count as u64))];
                        if refused > 0 {
                            said.push(texts::refused_entries(format::count(refused as u64)));
                        }
                        said.join(" · ")
                    };
                    let head = view! { <h2>{texts::contents}</h2> <span class="second">{said}</span> }.into_any();
                    let all = StoredValue::new(all);
                    view! {
                        <Unfold head=head draw=move || view! { <contents::Entries entries=all.get_value() /> } />
                    }
                })}
                {move || certs.get().filter(|all| !all.is_empty()).map(|all| {
                    let count = all.len() as u64;
                    let said = move || texts::n_certificates(format::count(count));
                    let head = view! { <h2>{texts::certificates}</h2> <span class="second">{said}</span> }.into_any();
                    let all = StoredValue::new(all);
                    view! { <Unfold head=head draw=move || all.with_value(|all| certificates(all, desk)) /> }
                })}
                {move || found.get().filter(|all| !all.is_empty()).map(|all| {
                    let count = all.len() as u64;
                    let said = move || texts::n_keys(format::count(count));
                    let head = view! { <h2>{texts::keys_title}</h2> <span class="second">{said}</span> }.into_any();
                    let all = StoredValue::new(all);
                    view! { <Unfold head=head draw=move || all.with_value(|all| keys(all)) /> }
                })}
                {move || configs.get().filter(|all| !all.is_empty()).map(|all| {
                    let count = all.len() as u64;
                    let said = move || texts::n_files(format::count(count));
                    let head = view! { <h2>{texts::configuration}</h2> <span class="second">{said}</span> }.into_any();
                    let all = StoredValue::new(all);
                    view! { <Unfold head=head draw=move || all.with_value(|all| contents::configurations(all)) /> }
                })}
            </div>
        </article>
    }
    .into_any()
}

/// For whom it is, until when, and how it was unwrapped.
#[derive(Clone, PartialEq)]
struct About {
    identity: Identity,
    good_until: Option<i64>,
    layers: Vec<console_ipc::inspect::report::Layer>,
    page: Option<(String, crate::words::Word)>,
}

impl About {
    fn of(summary: &InspectionSummary, report: &Report) -> Self {
        Self {
            identity: report.identity.clone(),
            good_until: report.good_until,
            layers: report.layers.clone(),
            page: page_of(summary, &report.checks),
        }
    }
}

fn identity(about: About) -> AnyView {
    let Identity {
        id,
        name,
        project,
        region,
        instance,
        serial,
    } = about.identity;
    let says = [&id, &name, &project, &region, &instance, &serial];
    let silent = says.into_iter().all(String::is_empty);
    let text = |label: crate::words::Word, text: String| {
        (!text.is_empty()).then(|| view! { <Fact label=label>{text_or_dash(Some(&text))}</Fact> })
    };
    let code = |label: crate::words::Word, text: String| {
        (!text.is_empty()).then(|| view! { <Fact label=label><Id id=text whole=true /></Fact> })
    };
    let page = about
        .page
        .map(|(href, word)| view! { <a href=href>{word}</a> });
    let named = match (name.is_empty(), &page) {
        (true, None) => None,
        _ => Some(view! {
            <Fact label=texts::name>
                <span class="row row-wrap"><span class="selectable">{name}</span> {page}</span>
            </Fact>
        }),
    };
    let until = about.good_until.map(|at| {
        let said = move || match day::is_never(at) {
            true => texts::no_end.get().to_owned(),
            false => day::write(at),
        };
        view! { <Fact label=texts::good_until><span class="number selectable">{said}</span></Fact> }
    });
    let unwrapped = (!about.layers.is_empty())
        .then(|| view! { <Fact label=texts::layers>{contents::layers(&about.layers)}</Fact> });
    view! {
        <section class="report-part">
            <h2>{texts::identity}</h2>
            {silent.then(|| view! { <p class="second">{texts::no_identity}</p> })}
            <Facts>
                {named}
                {code(texts::id, id)}
                {text(texts::project, project)}
                {text(texts::region, region)}
                {text(texts::instance, instance)}
                {code(texts::serial, serial)}
                {until}
                {unwrapped}
            </Facts>
        </section>
    }
    .into_any()
}

/// What can be done with an inspection.
#[component]
fn Actions(id: String, summary: Memo<Option<InspectionSummary>>, desk: Desk) -> AnyView {
    let id = StoredValue::new(id);
    let saved = RwSignal::new(None::<String>);
    let error = RwSignal::new(None::<IpcError>);
    let save = move |format: ReportFormat| {
        let request = SaveInspectionReport {
            id: id.get_value(),
            format,
            at: untrack(|| desk.at()),
            language: untrack(spoken),
        };
        error.set(None);
        saved.set(None);
        spawn_local(async move {
            match ipc::call(request).await {
                Ok(Saved::Written { path, .. }) => {
                    saved.try_set(Some(path));
                }
                Ok(Saved::Cancelled) => {}
                Err(failed) => {
                    error.try_set(Some(failed));
                }
            }
        });
    };
    let items = Signal::stored(vec![
        Item::new(texts::formats::html, move || save(ReportFormat::Html)),
        Item::new(texts::formats::json, move || save(ReportFormat::Json)),
        Item::new(texts::formats::text, move || save(ReportFormat::Text)),
    ]);
    let remembered =
        Memo::new(move |_| summary.with(|it| it.as_ref().is_some_and(|it| it.remembered)));
    let busy = RwSignal::new(false);
    let remember = move || {
        let request = RememberInspection {
            id: id.get_value(),
            remembered: !remembered.get_untracked(),
        };
        busy.set(true);
        error.set(None);
        spawn_local(async move {
            let answer = ipc::call(request).await;
            busy.try_set(false);
            match answer {
                Ok(_) => App::expect().inspections.update(|count| *count += 1),
                Err(failed) => {
                    error.try_set(Some(failed));
                }
            }
        });
    };
    let forget = move || {
        if desk.forget(&id.get_value()).is_none() {
            router::go(&format!("#/{INSPECTOR}"));
        }
    };
    view! {
        <div class="report-actions">
            <MenuButton label=texts::save items=items glyph=Glyph::Save />
            <button
                type="button"
                class="button"
                aria-pressed=move || if remembered.get() { "true" } else { "false" }
                aria-busy=move || busy.get().then_some("true")
                data-tip=texts::remember_hint
                on:click=move |_| {
                    if !busy.get_untracked() {
                        remember();
                    }
                }
            >
                {move || crate::kit::icon(if remembered.get() { Glyph::Check } else { Glyph::Clock })}
                <span>{move || if remembered.get() { texts::remembered.get() } else { texts::remember.get() }}</span>
            </button>
            <Button label=texts::forget glyph=Glyph::Trash look=Look::Quiet hint=texts::forget_hint on_press=forget />
        </div>
        {move || saved.get().map(|path| view! {
            <p class="after report-saved" role="status">{sign(Sign::Good)} <span class="selectable">{move || texts::saved(&path)}</span></p>
        })}
        {move || error.get().map(|error| view! { <div class="report-saved"><ErrorNotice error=error /></div> })}
    }
    .into_any()
}
