//! What an offer states of its terms, in every language of the lists.
//!
//! `fixtures/terms.txt` holds two adverts a language: `LANG + terms: text`, which states these terms besides others, and
//! `LANG -: text`, which states none of those that words alone can state.

use std::collections::BTreeSet;

use lurescan::contacts;
use lurescan::regions;
use lurescan::terms::{self, Term};
use lurescan::text::{NormalText, identify};

fn stated(text: &str) -> Vec<&'static str> {
    let text = NormalText::new(text);
    let terms = terms::find(&text, &identify(&text), &regions::locate(&text, None), &contacts::find(&text));
    Term::ALL.into_iter().filter(|term| terms.states(*term)).map(Term::id).collect()
}

#[test]
fn terms_are_seen_where_they_stand_and_only_there() {
    let mut wrong = Vec::new();
    let mut languages = BTreeSet::new();
    for line in include_str!("fixtures/terms.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (head, text) = line.split_once(": ").unwrap_or_else(|| panic!("{line}"));
        let (language, expected) = head.split_once(' ').unwrap_or_else(|| panic!("{line}"));
        languages.insert(language);
        let found = stated(text);
        if let Some(expected) = expected.strip_prefix("+ ") {
            let missing: Vec<&str> = expected.split(',').map(str::trim).filter(|term| !found.contains(term)).collect();
            if !missing.is_empty() {
                wrong.push(format!("{language}: blind to {missing:?} in {text}"));
            }
        } else {
            // Places are read by another room and may well stand there.
            let seen: Vec<_> = found.into_iter().filter(|term| *term != "place").collect();
            if !seen.is_empty() {
                wrong.push(format!("{language}: sees {seen:?} in {text}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(languages.len() >= 35, "{languages:?}");
}

#[test]
fn a_whole_contract_lacks_nothing_and_a_lure_most() {
    let whole = "Employer: Harbour Hotels Ltd, Riga, Latvia. Salary EUR 1,200 per month. Working hours 8 hours a day, two days off. \
                 Contract duration: 12 months. Written contract before departure. No recruitment fees. Complaints: labour inspectorate.";
    assert_eq!(stated(whole), Term::ALL.map(Term::id));
    let text = NormalText::new("Easy work abroad, big money, dm me");
    let found = terms::find(&text, &identify(&text), &regions::locate(&text, None), &contacts::find(&text));
    assert_eq!((found.stated, found.sums.len(), found.read), (vec![], 0, true));
}

#[test]
fn a_fee_is_told_from_the_wage_beside_it() {
    let fees = |text: &str| -> Vec<bool> {
        let text = NormalText::new(text);
        let found = terms::find(&text, &identify(&text), &regions::locate(&text, None), &contacts::find(&text));
        found.sums.iter().map(|sum| sum.fee).collect()
    };
    for text in [
        "You pay 500 USD for visa, salary 900 euros",
        "Tienes que pagar 500 dólares, el sueldo es de 900 euros",
        "Vous payez 500 euros de frais, salaire 900 euros",
        "Взнос 5000 руб, зарплата 80 000 руб",
        "वीज़ा फीस 5000 रुपये, वेतन 20000 रुपये",
        "Phí 5 triệu đồng, lương 20 triệu đồng",
        "रजिस्ट्रेशन के 5 हज़ार रुपये देने होंगे, वेतन 20 हज़ार रुपये",
    ] {
        assert_eq!(fees(text), [true, false], "{text}");
    }
    for text in ["Salary 900 euros, visa fee 500 USD", "Lohn 900 Euro, Gebühr 500 Euro", "Зарплата 80 000 руб взнос 5000 руб"]
    {
        assert_eq!(fees(text), [false, true], "{text}");
    }
}

#[test]
fn a_denial_states_nothing_but_who_pays() {
    assert!(!stated("Start tomorrow, no written contract needed.").contains(&"documents"));
    assert!(stated("There are no recruitment fees.").contains(&"fees"));
}

#[test]
fn the_time_until_somebody_may_leave_is_a_duration() {
    for text in [
        "You may go home after two years, the work is in a kitchen.",
        "Ton argent, je le garde, à ton retour dans deux ans tu auras tout.",
        "Сто двадцать смен, потом расчёт, жильё на месте.",
        "काम घर का है, ग्यारह महीने से पहले लौटने पर पैसे देने होंगे।",
        "Который месяц ищем людей на завод, через год поедете домой.",
    ] {
        assert!(stated(text).contains(&"duration"), "{text}");
    }
    assert!(!stated("We were a happy team before and we are one now.").contains(&"duration"));
}

#[test]
fn what_is_paid_by_the_month_is_no_duration() {
    for text in [
        "Job in a hotel abroad, 3 lakh per month",
        "Work from home and earn 2 crore",
        "Packing job, salary 2 lakh/mon for everybody",
        "Contract work on the farm, 900 euros per month",
        "Buscamos gente para la finca, trabajo con contrato, pagamos 1200 dólares por mes",
    ] {
        assert!(!stated(text).contains(&"duration"), "{text}");
    }
    assert!(stated("Job in a hotel abroad, 900 euros per month, two-year contract").contains(&"duration"));
    assert!(stated("We have a job for six months, 900 euros per month").contains(&"duration"));
}

#[test]
fn hours_of_a_week_are_hours() {
    assert!(stated("Warehouse work, 48 h/week, bring warm clothes.").contains(&"hours"));
}

#[test]
fn hours_may_be_said_in_words() {
    for text in [
        "You work in our bar from six to ten at night.",
        "The kitchen runs twelve hours a day and we give you a room.",
        "El trabajo es en la finca, de la mañana a la noche.",
        "Le travail à la ferme dure du matin au soir, on vous loge.",
        "Gearbeitet wird auf dem Hof von morgens bis abends.",
        "Работа на ферме с утра до вечера, жильё даём.",
        "काम सुबह चार तक है, रहना वहीं।",
        "Kaam subah se raat tak hai, rehna wahin milega.",
        "农场的活，从早干到晚，有地方住。",
        "朝から晩まで農場で働く仕事です、寮もあります。",
    ] {
        assert!(stated(text).contains(&"hours"), "{text}");
    }
    assert!(!stated("You need from two to five years of practice in a kitchen.").contains(&"hours"));
}
