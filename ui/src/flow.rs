//! Where the parts of a picture of flows stand: sources left, what they go through in the middle, targets right.
//!
//! Places follow from names and connections alone, never from counts: what is drawn stays where it is while
//! messages flow.

use std::collections::BTreeMap;

/// Height of what stands in the middle, with the room below it, in pixels.
pub const STEP: f64 = 56.0;
/// Height of what stands in the middle, and least height of the ends.
pub const BOX: f64 = 44.0;
/// Room above the first, for headings, and below the last.
pub const EDGE: f64 = 26.0;
/// Room between what comes from one source and what comes from the next.
const APART: f64 = 12.0;
/// Most room between lines that end at the same target.
const PORT: f64 = 8.0;

/// What goes through the middle, from where and to where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Flow {
    /// Its source. Flows with the same one share it.
    pub source: String,
    /// Its target.
    pub target: String,
    /// Its name, by which it stands among others of the same ends.
    pub name: String,
    /// What tells it from all others.
    pub id: String,
}

/// An end with its flows.
#[derive(Debug, Clone, PartialEq)]
pub struct End {
    /// What it is called among the flows.
    pub key: String,
    /// Where it begins.
    pub top: f64,
    /// How high it is.
    pub height: f64,
    /// Its flows as places among those of the middle, from above.
    pub flows: Vec<usize>,
}

/// What stands in the middle.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Middle {
    /// Which flow it is.
    pub id: String,
    /// Its place, from above.
    pub place: usize,
    /// Where it begins.
    pub top: f64,
    /// Its source, as a place among the sources.
    pub source: usize,
    /// Its target, as a place among the targets.
    pub target: usize,
    /// Where its line meets the target.
    pub port: f64,
}

/// A picture with all places.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Arrangement {
    /// The sources, from above. Each is as high as all of its flows.
    pub sources: Vec<End>,
    /// The flows, from above.
    pub middles: Vec<Middle>,
    /// The targets, from above. Each stands beside the middle of its flows, as far as there is room.
    pub targets: Vec<End>,
    /// Height of the whole.
    pub height: f64,
}

impl End {
    /// Its middle.
    pub fn centre(&self) -> f64 {
        self.top + self.height / 2.0
    }
}

impl Middle {
    /// Its middle.
    pub fn centre(&self) -> f64 {
        self.top + BOX / 2.0
    }
}

/// Lays flows out.
pub fn arrange(mut flows: Vec<Flow>) -> Arrangement {
    flows.sort();
    let target_rank = target_ranks(&flows);
    flows.sort_by_key(|flow| (flow.source.clone(), target_rank[&flow.target]));
    let mut arrangement = Arrangement::default();
    let mut target_flows: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut top = EDGE;
    for (at, flow) in flows.iter().enumerate() {
        let known = arrangement.sources.last_mut();
        match known.filter(|source| source.key == flow.source) {
            Some(source) => {
                source.flows.push(at);
                source.height = top + BOX - source.top;
            }
            None => {
                if at > 0 {
                    top += APART;
                }
                arrangement.sources.push(End {
                    key: flow.source.clone(),
                    top,
                    height: BOX,
                    flows: vec![at],
                });
            }
        }
        arrangement.middles.push(Middle {
            id: flow.id.clone(),
            place: at,
            top,
            source: arrangement.sources.len() - 1,
            target: 0,
            port: 0.0,
        });
        target_flows
            .entry(flow.target.clone())
            .or_default()
            .push(at);
        top += STEP;
    }
    arrangement.height = (top - STEP + BOX + EDGE).max(2.0 * EDGE);
    arrangement.place_targets(target_flows);
    arrangement
}

/// The order of targets that lets the lines cross little: by the mean of their sources, then by name.
fn target_ranks(flows: &[Flow]) -> BTreeMap<String, usize> {
    let mut sources: Vec<&str> = flows.iter().map(|flow| flow.source.as_str()).collect();
    sources.dedup();
    let mut sums: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for flow in flows {
        let rank = sources
            .iter()
            .position(|source| *source == flow.source)
            .unwrap_or_default();
        let sum = sums.entry(&flow.target).or_default();
        *sum = (sum.0 + rank, sum.1 + 1);
    }
    let mut targets: Vec<(&str, f64)> = sums
        .into_iter()
        .map(|(target, (sum, count))| (target, number(sum) / number(count)))
        .collect();
    targets.sort_by(|one, other| one.1.total_cmp(&other.1));
    let ranked = targets.into_iter().enumerate();
    ranked
        .map(|(rank, (target, _))| (target.to_owned(), rank))
        .collect()
}

impl Arrangement {
    fn place_targets(&mut self, flows: BTreeMap<String, Vec<usize>>) {
        let mut targets: Vec<End> = flows
            .into_iter()
            .map(|(key, flows)| {
                let sum: f64 = flows.iter().map(|at| self.middles[*at].top).sum();
                End {
                    top: sum / number(flows.len()),
                    height: BOX,
                    key,
                    flows,
                }
            })
            .collect();
        targets.sort_by(|one, other| one.top.total_cmp(&other.top));
        // Down as far as they lie on each other, then up again as far as they stick out.
        let mut least = EDGE;
        for target in &mut targets {
            target.top = target.top.max(least);
            least = target.top + STEP;
        }
        let mut most = self.height - EDGE - BOX;
        for target in targets.iter_mut().rev() {
            target.top = target.top.min(most);
            most = target.top - STEP;
        }
        for (place, target) in targets.iter().enumerate() {
            let room = (BOX - 12.0) / number(target.flows.len());
            let gap = room.min(PORT);
            let first = target.centre() - gap * (number(target.flows.len()) - 1.0) / 2.0;
            for (line, at) in target.flows.iter().enumerate() {
                self.middles[*at].target = place;
                self.middles[*at].port = first + gap * number(line);
            }
        }
        self.targets = targets;
    }
}

#[allow(
    clippy::cast_precision_loss,
    reason = "there are some hundreds of flows"
)]
fn number(count: usize) -> f64 {
    count as f64
}

/// How wide a line is that carries `count`, where the most that any carries is `most`.
pub fn width(count: i64, most: i64) -> f64 {
    #[allow(
        clippy::cast_precision_loss,
        reason = "the width of a line is no exact count"
    )]
    let part = count.max(0) as f64 / most.max(1) as f64;
    // By the square root: one that carries a hundredth is still to be seen.
    1.5 + 6.5 * part.min(1.0).sqrt()
}

/// The text as far as it fits into `room` pixels at 12 pixels' height, cut at its end.
pub fn fit(text: &str, room: f64) -> String {
    const DOTS: char = '…';
    if text.chars().map(advance).sum::<f64>() <= room {
        return text.to_owned();
    }
    let mut left = room - advance(DOTS);
    let mut cut: String = text
        .chars()
        .take_while(|sign| {
            left -= advance(*sign);
            left >= 0.0
        })
        .collect();
    cut.push(DOTS);
    cut
}

/// About how wide a character is. Rather too wide: what is cut too early is still told whole.
fn advance(sign: char) -> f64 {
    match sign {
        'i' | 'j' | 'l' | 't' | 'f' | 'r' | 'I' | '.' | ',' | ':' | ';' | '|' | '!' | '\'' => 4.6,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '…' | '→' => 11.4,
        'A'..='Z' => 8.8,
        '\u{1100}'.. => 12.4,
        _ => 7.3,
    }
}

#[cfg(test)]
mod tests {
    use super::{Arrangement, BOX, Flow, STEP, arrange, fit, width};

    fn flow(source: &str, name: &str, target: &str) -> Flow {
        Flow {
            source: source.to_owned(),
            target: target.to_owned(),
            name: name.to_owned(),
            id: format!("id-{name}"),
        }
    }

    fn plant() -> Vec<Flow> {
        vec![
            flow("rest", "orders", "lines"),
            flow("bus", "telemetry", "stream"),
            flow("bus", "alarms", "tickets"),
            flow("rest", "commands", "bus"),
            flow("bus", "trial", "stream"),
        ]
    }

    #[track_caller]
    fn nothing_overlaps(arrangement: &Arrangement) {
        for ends in [&arrangement.sources, &arrangement.targets] {
            for pair in ends.windows(2) {
                assert!(pair[0].top + pair[0].height < pair[1].top, "{pair:?}");
            }
            for end in ends {
                assert!(end.top >= 0.0 && end.top + end.height <= arrangement.height);
            }
        }
        for pair in arrangement.middles.windows(2) {
            assert!(pair[0].top + STEP <= pair[1].top, "{pair:?}");
        }
    }

    #[test]
    fn what_has_the_same_ends_stands_together() {
        let arrangement = arrange(plant());
        let order: Vec<&str> = arrangement
            .middles
            .iter()
            .map(|it| it.id.as_str())
            .collect();
        let expected = [
            "id-telemetry",
            "id-trial",
            "id-alarms",
            "id-commands",
            "id-orders",
        ];
        assert_eq!(order, expected);
        let sources: Vec<_> = arrangement.sources.iter().map(|it| &it.flows).collect();
        assert_eq!(sources, [&vec![0, 1, 2], &vec![3, 4]]);
        let names: Vec<&str> = arrangement
            .targets
            .iter()
            .map(|it| it.key.as_str())
            .collect();
        assert_eq!(names, ["stream", "tickets", "bus", "lines"]);
        nothing_overlaps(&arrangement);
    }

    #[test]
    fn the_order_in_which_flows_come_changes_nothing() {
        let mut other = plant();
        other.reverse();
        assert_eq!(arrange(plant()), arrange(other));
    }

    #[test]
    fn a_source_is_as_high_as_its_flows() {
        let arrangement = arrange(plant());
        let source = &arrangement.sources[0];
        assert!((source.height - (2.0 * STEP + BOX)).abs() < 0.01);
        let last = &arrangement.middles[2];
        assert!((source.top + source.height - last.top - BOX).abs() < 0.01);
    }

    #[test]
    fn many_flows_to_few_and_to_many_targets_fit() {
        for targets in [1, 3, 50] {
            let flows = (0..50)
                .map(|at| {
                    flow(
                        &format!("s{}", at % 2),
                        &format!("rule-{at:02}"),
                        &format!("t{}", at % targets),
                    )
                })
                .collect();
            let arrangement = arrange(flows);
            assert_eq!(arrangement.middles.len(), 50);
            assert_eq!(arrangement.targets.len(), targets);
            nothing_overlaps(&arrangement);
            for middle in &arrangement.middles {
                let target = &arrangement.targets[middle.target];
                assert!((target.top..=target.top + BOX).contains(&middle.port));
            }
        }
    }

    #[test]
    fn nothing_has_a_place_too() {
        let arrangement = arrange(Vec::new());
        assert!(arrangement.middles.is_empty() && arrangement.height > 0.0);
    }

    #[test]
    fn what_carries_more_is_wider() {
        assert!(width(0, 0) > 0.0);
        assert!(width(10, 1000) > width(0, 1000));
        assert!(width(1000, 1000) > width(10, 1000));
        assert!((width(5, 0) - width(1000, 1000)).abs() < 0.01);
    }

    #[track_caller]
    fn check_fit(text: &str, room: f64, expected: &str) {
        assert_eq!(fit(text, room), expected, "{text} in {room}");
    }

    #[test]
    fn a_text_is_cut_where_it_does_not_fit() {
        check_fit("orders", 100.0, "orders");
        check_fit("orders-to-lines", 60.0, "orders-…");
        check_fit("消息路由", 40.0, "消息…");
        check_fit("orders", 0.0, "…");
    }
}
