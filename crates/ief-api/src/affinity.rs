//! Where the instances of a deployment run best (tables 5-41 to 5-51). Platinum only.

use std::collections::BTreeMap;

use crate::rules::{Problem, Violations, deployment as rules};
use crate::{open_enum, wire};

open_enum! {
    /// How an expression compares a label (table 5-48).
    pub enum Operator {
        /// It is one of the values.
        In = "In",
        /// It is none of the values.
        NotIn = "NotIn",
        /// It is there.
        Exists = "Exists",
        /// It is not there.
        DoesNotExist = "DoesNotExist",
        /// It is greater than the value.
        Gt = "Gt",
        /// It is less than the value.
        Lt = "Lt",
    }
}

wire! {
    /// Where instances run best (table 5-41).
    pub struct Affinity {
        /// By the labels of nodes.
        #[name("nodeAffinity")]
        pub nodes: Option<NodeAffinity>,
        /// Close to other instances.
        #[name("podAffinity")]
        pub pods: Option<PodAffinity>,
        /// Away from other instances.
        #[name("podAntiAffinity")]
        pub anti: Option<PodAffinity>,
    }

    /// By the labels of nodes (table 5-42).
    pub struct NodeAffinity {
        /// Wishes.
        #[name("preferredDuringSchedulingIgnoredDuringExecution")]
        pub preferred: Vec<WeightedTerm>,
        /// Demands.
        #[name("requiredDuringSchedulingIgnoredDuringExecution")]
        pub required: Option<NodeTerms>,
    }

    /// A wish (table 5-44).
    pub struct WeightedTerm {
        /// What is wished for.
        pub preference: Option<Term>,
        /// How much it counts, from 1 to 100.
        pub weight: Option<i64>,
    }

    /// Demands, one of which has to hold (table 5-45).
    pub struct NodeTerms {
        /// The demands.
        #[name("nodeSelectorTerms")]
        pub terms: Vec<Term>,
    }

    /// Expressions that hold together (tables 5-46 and 5-47).
    pub struct Term {
        /// The expressions.
        #[name("matchExpressions")]
        pub expressions: Vec<Expression>,
    }

    /// What is asked of a label (table 5-48).
    pub struct Expression {
        /// Label.
        pub key: Option<String>,
        /// How it compares.
        pub operator: Option<Operator>,
        /// Values it is compared with.
        pub values: Vec<String>,
    }

    /// By other instances (table 5-43).
    pub struct PodAffinity {
        /// Wishes.
        #[name("preferredDuringSchedulingIgnoredDuringExecution")]
        pub preferred: Vec<WeightedPodTerm>,
        /// Demands, all of which have to hold.
        #[name("requiredDuringSchedulingIgnoredDuringExecution")]
        pub required: Vec<PodTerm>,
    }

    /// A wish about other instances (table 5-49).
    pub struct WeightedPodTerm {
        /// What is wished for.
        #[name("podAffinityTerm")]
        pub term: Option<PodTerm>,
        /// How much it counts, from 1 to 100.
        pub weight: Option<i64>,
    }

    /// Which other instances, and what they share (table 5-50).
    pub struct PodTerm {
        /// Which instances.
        #[name("labelSelector")]
        pub selector: Option<Selector>,
        /// Where they are looked for.
        pub namespaces: Vec<String>,
        /// The label of nodes that is the same for both.
        #[name("topologyKey")]
        pub topology: Option<String>,
    }

    /// Which instances (table 5-51).
    pub struct Selector {
        /// Expressions that hold together.
        #[name("matchExpressions")]
        pub expressions: Vec<Expression>,
        /// Labels with their values.
        #[name("matchLabels")]
        pub labels: BTreeMap<String, String>,
    }
}

impl Expression {
    /// Whether a label has what is asked of it.
    #[must_use]
    pub fn holds(&self, label: Option<&str>) -> bool {
        let listed = |label: &str| self.values.iter().any(|value| value == label);
        let number = |text: &str| text.trim().parse::<i64>().ok();
        let bound = self.values.first().and_then(|value| number(value));
        match &self.operator {
            Some(Operator::In) => label.is_some_and(listed),
            // As in Kubernetes, what has no such label is not in the list either.
            Some(Operator::NotIn) => !label.is_some_and(listed),
            Some(Operator::Exists) => label.is_some(),
            Some(Operator::DoesNotExist) => label.is_none(),
            Some(Operator::Gt) => label.and_then(number) > bound && bound.is_some(),
            Some(Operator::Lt) => {
                let label = label.and_then(number);
                label.is_some() && label < bound
            }
            Some(Operator::Other(_)) | None => false,
        }
    }

    fn check_all(expressions: &[Self], violations: &mut Violations) {
        violations.at("matchExpressions", |violations| {
            for (place, expression) in expressions.iter().enumerate() {
                violations.at(place, |violations| expression.check(violations));
            }
        });
    }

    fn check(&self, violations: &mut Violations) {
        violations.required("key", &rules::AFFINITY_KEY, self.key.as_deref());
        let operator = self.operator.as_ref();
        violations.required(
            "operator",
            &rules::AFFINITY_OPERATOR,
            operator.map(Operator::as_str),
        );
        let rule = &rules::AFFINITY_VALUES;
        let problem = match (operator, self.values.as_slice()) {
            (Some(Operator::In | Operator::NotIn), []) => Some(Problem::Missing),
            (Some(Operator::Exists | Operator::DoesNotExist), [_, ..]) => {
                let other = "operator".to_owned();
                Some(Problem::Contradicts { other })
            }
            (Some(Operator::Gt | Operator::Lt), [value]) => rule.text(value).err(),
            (Some(Operator::Gt | Operator::Lt), []) => Some(Problem::Missing),
            (Some(Operator::Gt | Operator::Lt), values) => {
                let count = values.len();
                Some(Problem::TooMany { max: 1, count })
            }
            _ => None,
        };
        violations.result("values", rule, problem.map_or(Ok(()), Err));
    }
}

impl Affinity {
    /// Whether nothing is asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_none() && self.pods.is_none() && self.anti.is_none()
    }

    pub(crate) fn check(&self, violations: &mut Violations) {
        if let Some(nodes) = &self.nodes {
            violations.at("nodeAffinity", |violations| nodes.check(violations));
        }
        for (place, pods) in [("podAffinity", &self.pods), ("podAntiAffinity", &self.anti)] {
            if let Some(pods) = pods {
                violations.at(place, |violations| pods.check(violations));
            }
        }
    }
}

/// The wire name of wishes.
const PREFERRED: &str = "preferredDuringSchedulingIgnoredDuringExecution";
/// The wire name of demands.
const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";

fn check_weight(weight: Option<i64>, violations: &mut Violations) {
    match weight {
        None => violations.add("weight", &rules::AFFINITY_WEIGHT, Problem::Missing),
        weight => violations.integer("weight", &rules::AFFINITY_WEIGHT, weight),
    }
}

impl NodeAffinity {
    fn check(&self, violations: &mut Violations) {
        violations.at(PREFERRED, |violations| {
            for (place, wish) in self.preferred.iter().enumerate() {
                violations.at(place, |violations| {
                    check_weight(wish.weight, violations);
                    let term = wish.preference.as_ref();
                    let expressions = term.map(|it| it.expressions.as_slice());
                    violations.at("preference", |violations| {
                        Expression::check_all(expressions.unwrap_or_default(), violations);
                    });
                });
            }
        });
        violations.at(REQUIRED, |violations| {
            violations.at("nodeSelectorTerms", |violations| {
                let terms = self.required.iter().flat_map(|it| &it.terms);
                for (place, term) in terms.enumerate() {
                    violations.at(place, |violations| {
                        Expression::check_all(&term.expressions, violations);
                    });
                }
            });
        });
    }
}

impl PodAffinity {
    fn check(&self, violations: &mut Violations) {
        violations.at(PREFERRED, |violations| {
            for (place, wish) in self.preferred.iter().enumerate() {
                violations.at(place, |violations| {
                    check_weight(wish.weight, violations);
                    violations.at("podAffinityTerm", |violations| {
                        PodTerm::check(wish.term.as_ref(), violations);
                    });
                });
            }
        });
        violations.at(REQUIRED, |violations| {
            for (place, term) in self.required.iter().enumerate() {
                violations.at(place, |violations| PodTerm::check(Some(term), violations));
            }
        });
    }
}

impl PodTerm {
    fn check(term: Option<&Self>, violations: &mut Violations) {
        let topology = term.and_then(|it| it.topology.as_deref());
        violations.required("topologyKey", &rules::AFFINITY_KEY, topology);
        let selector = term.and_then(|it| it.selector.as_ref());
        let expressions = selector.map(|it| it.expressions.as_slice());
        violations.at("labelSelector", |violations| {
            Expression::check_all(expressions.unwrap_or_default(), violations);
        });
    }
}
