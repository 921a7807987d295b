//! Contacts: what can be called, written to or paid is found, hidden and keyed; prices, dates and ages are left to read.

use lurescan::contacts::{find, identity, key, mask};
use lurescan::regions::CountryCode;
use lurescan::text::NormalText;
use proptest::prelude::*;

/// The post with its contacts hidden.
fn masked(post: &str) -> String {
    mask(post, &find(&NormalText::new(post)))
}

#[track_caller]
fn check(post: &str, expected: &str) {
    assert_eq!(masked(post), expected);
}

#[track_caller]
fn untouched(post: &str) {
    check(post, post);
}

#[test]
fn phone_numbers() {
    check("Call +1 (555) 010-0123 now", "Call [phone] now");
    check("tel. 0917-123-4567 / 0918 765 4321", "tel. [phone]");
    check("WA 081234567890", "WA [phone]");
    check("09xx xxx xx12 or 138****1200", "[phone] or [phone]");
    check("اتصل ٠٥٠١٢٣٤٥٦٧", "اتصل [phone]");
    check("फोन ९८१२३४५६७८", "फोन [phone]");
    check("call ０９１７１２３４５６７", "call [phone]");
    check("微信13800138000加我", "微信[phone]加我");
    check("0 9 1 7 1 2 3 4 5 6 7", "[phone]");
    check("text Dana 555-0112.", "text Dana [phone].");
    check("文字 2500000", "文字 [phone]");
    check("①③⑧0013o①②③", "[phone]");
}

#[test]
fn phone_numbers_in_words() {
    check("call zero nine one seven one two three four five six seven!", "call [phone]!");
    check("call nine one seven, five five five, zero one zero zero", "call [phone]");
    check("一三八零零一三八零零零加我", "[phone]加我");
    check("ноль девять один семь один два три четыре", "[phone]");
    untouched("one two three four five, five rooms for one or two");
    untouched("哈哈五五五五五五五五");
    untouched("from 2009–2011. One of them stayed");
}

#[test]
fn figures_that_are_no_numbers_to_call() {
    untouched("Salary 1,500,000 - 2,000,000 VND, 18-35 years, 8:00-17:00, 2024-2026");
    untouched("Gaji Rp 8.000.000 - 12.000.000, umur 18-35");
    untouched("Young men 18-45. 4000 USD a month, 12/24. 145 000 FDJ");
    untouched("15/01/2024 or 2024-01-15, from 01.02.2025 to 28.02.2025");
    untouched("$2500-3500 a month, 45000 PHP, ID 4821, room 1204");
    untouched("з/п 150000-200000 руб, график 5/2, 12 часов");
    untouched("月薪15000-20000元，20-35岁，165以上");
    untouched("150000.0 — 250000.0, ISO 14001:2015, (UE) 2016/1148");
}

#[test]
fn mail_addresses() {
    check("cv to hr.desk@mail.example.com.", "cv to [email].");
    check("write jane.doe (at) example (dot) com", "write [email]");
    check("write jane at gmail dot com", "write [email]");
    check("jane at gmail.com today", "[email] today");
    untouched("we work at night and meet at noon.");
}

#[test]
fn links() {
    check("see https://example.com/jobs?id=1, thanks", "see [url], thanks");
    check("t.me/some_jobs and wa.me/6391712345 and bit.ly/3xYz", "[url] and [url] and [url]");
    check("www.example.org/apply!", "[url]!");
    check("官网example.com/eal，可核对", "官网[url]，可核对");
    check("visit example [dot] com", "visit [url]");
    check("t . me / quickjobs or t(dot)me/quickjobs", "[url] or [url]");
    check("see abcdefghij234567.onion", "see [url]");
    untouched("Good pay.Work starts Monday, B.Tech or M.Sc., e.g. cooks");
}

#[test]
fn handles() {
    check("add @quick_jobs on snap", "add [handle] on snap");
    check("Telegram: jobs_kh88", "Telegram: [handle]");
    check("line id jobkh88", "line id [handle]");
    check("微信：abc12345", "微信：[handle]");
    check("加V：abc12345", "加V：[handle]");
    check("카톡 job_kr99", "카톡 [handle]");
    check("Zalo: tuyendung", "Zalo: [handle]");
    check(r#"{"telegram":"jobs_kh88","line": "kh_jobs7"}"#, r#"{"telegram":"[handle]","line": "[handle]"}"#);
    check("skype live:hr_jobs88", "skype [handle]");
    check("discord recruiter#4821", "discord [handle]");
    check("ID: x99works", "ID: [handle]");
    check("V信 abc8899", "V信 [handle]");
    check("LINEのID：worker_jp", "LINEのID：[handle]");
    check("gmail: x88jobs", "gmail: [handle]");
    untouched("room #4821, ID: 4821, email: send us your papers");
    untouched("telegram: message me for details");
    untouched("on the production line 3 people work");
    untouched("season 11/1–12/15, then rest");
}

#[test]
fn a_sum_beside_any_word_for_a_currency_is_no_number_to_call() {
    for line in include_str!("../src/terms/currencies.tsv").lines() {
        for word in line.split('\t').skip(1).map(|word| word.trim_start_matches(['+', '?'])) {
            untouched(&format!("we pay 12345678 {word} in all"));
        }
    }
}

#[test]
fn wallets() {
    check("pay 0x52908400098527886E0F7030069857D2E4169EE7 now", "pay [wallet] now");
    check("btc bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", "btc [wallet]");
    check("usdt TJRabPrwbZy45sbavfcjinPJC18kjpRTv8", "usdt [wallet]");
}

#[test]
fn one_key_for_every_way_of_writing_a_contact() {
    let secret = b"organisation";
    let first_key = |post: &str| {
        let found = find(&NormalText::new(post));
        key(secret, &identity(found[0].span.slice(post), None))
    };
    assert_eq!(first_key("+63 917 123 4567"), first_key("tel (+63) 917-123-4567"));
    assert_eq!(first_key("zero nine one seven five five five zero"), first_key("call 09175550"));
    assert_eq!(first_key("call ٠٥٠١٢٣٤٥٦٧"), first_key("call 050 123 4567"));
    assert_eq!(first_key("Jane.Doe@Example.com"), first_key("jane.doe (at) example (dot) com"));
    assert_eq!(first_key("https://www.example.com/a/"), first_key("example.com/a"));
    assert_eq!(first_key("@Quick_Jobs"), first_key("tg: quick_jobs"));
    assert_ne!(first_key("+63 917 123 4567"), first_key("+63 917 123 4568"));
    assert_eq!(first_key("+63 917 123 4567").len(), 16);
    // Where the platform says where the post was made, a number without its country is the same as with it.
    let home = CountryCode::parse("AE");
    assert_eq!(key(secret, &identity("050 123 4567", home)), key(secret, &identity("+971 50 123 4567", None)));
    assert_ne!(key(secret, &identity("050 123 4567", None)), key(secret, &identity("+971 50 123 4567", None)));
    assert_ne!(key(secret, &identity("050 123 4567", None)), key(b"another", &identity("050 123 4567", None)));
}

#[test]
fn a_number_beside_money_is_a_number() {
    check("Hotel staff wanted, pay 900 USD. 06 12 34 56 78", "Hotel staff wanted, pay 900 USD. [phone]");
    check("Praca w hotelu, 4500 zł. 512 345 678", "Praca w hotelu, 4500 zł. [phone]");
    check("Работа, 2000 $ 8 916 123 45 67", "Работа, 2000 $ [phone]");
    check("hotel staff wanted 3000 AED 050-123-45-67", "hotel staff wanted 3000 AED [phone]");
    check("Ask for Dana D. 612 345 678", "Ask for Dana D. [phone]");
    check("ask 512 345 678 - 500 zł", "ask [phone] - 500 zł");
    check("ask 700 800 900 please", "ask [phone] please");
    untouched("USD 1 200 - 1 500, 2 500 000 IDR, R 1 500 000, 08:00-17:00 1500 USD");
    untouched("8.000.000 - 12.000.000 VND, USD 150 000 000");
}

#[test]
fn a_number_in_odd_pieces_is_one() {
    for number in ["050:123:4567", "050=123=4567", "0917📱123📱4567", "050, 123, 4567", "0917\n123\n4567", "050・123・4567"]
    {
        check(&format!("call {number} now"), "call [phone] now");
    }
    check("whatsapp +63 9O7 I23 45S7", "whatsapp [phone]");
    untouched("open 08:30:15, ages 18, 25, 30, 35, 40, pay Rp 10.000.000.000");
    check("call +38 067 123 45 67 now", "call [phone] now");
}

#[test]
fn numbers_in_words_of_many_languages() {
    for number in [
        "seis meia nove um dois tres quatro",
        "zéro six douze trente-quatre cinquante-six soixante-dix-huit",
        "восемь девятьсот шестнадцать сто двадцать три сорок пять",
        "공일공 일이삼사 오육칠팔",
        "壹叁捌零零壹叁捌",
        "ゼロ九ゼロ一二三四五",
        "zero dziewięć jeden siedem\njeden\ndwa\ntrzy",
        "zero … nine … one … seven … five … six … eight",
    ] {
        check(number, "[phone]");
    }
    untouched("ages twenty, thirty, forty five, fifty one, sixty two");
    untouched("double room, one bed, two meals, no one to share with");
}

#[test]
fn mail_addresses_in_disguise() {
    for mail in [
        "rosy@gmail。com",
        "rosy <at> gmail <dot> com",
        "rosy_at_gmail_dot_com",
        "rosyjobs arobase gmail point com",
        "rosyjobs at harbourcrew dot work",
        "rosy собака gmail точка ком",
        "rosy艾特gmail点com",
        "rosy dot jobs at gmail dot com",
    ] {
        check(mail, "[email]");
    }
    untouched("we stop at this point in the process, look at list, in order");
}

#[test]
fn links_in_disguise() {
    check("Line: line.me/ti/p/~rosyjobs", "Line: [url]");
    check("line.me/R/ti/p/%40rosyjobs", "[url]");
    check("wa.me/971501234567?text=rosy now", "[url] now");
    check("apply rosyjobs(dot)com today", "apply [url] today");
    check("signal: sgnl://signal.group/#CjQKIAbcdef", "signal: [url]");
    for link in [
        "t(.)me/rosyjobs",
        "t,me/rosyjobs",
        "т.ме/rosyjobs",
        "t me slash rosyjobs",
        "rosyjobs.t.me",
        "工作.中国",
        "招聘.com",
        "xn--80aswg.xn--p1ai",
    ] {
        check(link, "[url]");
    }
    check("apply at rosyjobs.work now", "apply at [url] now");
    untouched("No experience.work from home, apply today.live in staff");
}

#[test]
fn handles_where_they_are_announced() {
    check("My LINE ID is rosyjobs", "My LINE ID is [handle]");
    check("Telegram: rosyjobs for details", "Telegram: [handle] for details");
    check("LINEはrosyjobsまで", "LINEは[handle]まで");
    check("Пишите в тг - rosyjobs", "Пишите в тг - [handle]");
    check("вк id123456", "вк [handle]");
    check("QQ群 654321", "QQ群 [handle]");
    check("飞机号 rosyjobs", "飞机号 [handle]");
    untouched("production line: packing and sorting, signal for help, telegram preferred.");
    untouched("호텔 room101, 18+ videos, whatsapp number needed");
}

#[test]
fn accounts_for_money() {
    check("IBAN FR14 2004 1010 0505 0001 3M02 606 today", "IBAN [wallet] today");
    check("pay to rosy@okaxis", "pay to [wallet]");
    check("9841234567@ybl", "[wallet]");
}

#[test]
fn what_differs_has_another_key() {
    let key_of = |post: &str| key(b"organisation", &identity(find(&NormalText::new(post))[0].span.slice(post), None));
    for (one, other) in [
        ("line.me/ti/p/~rosyjobs", "line.me/ti/p/~annajobs"),
        ("chat.whatsapp.com/AbCdEfGhIjK", "chat.whatsapp.com/aBcDeFgHiJk"),
        ("rosy dot jobs at gmail dot com", "anna dot jobs at gmail dot com"),
        ("call zero seven double zero one two three four", "call zero seven zero one two three four"),
        ("DE89 3704 0044 0532 0130 00", "GB82 WEST 1234 5698 7654 32"),
    ] {
        assert_ne!(key_of(one), key_of(other), "{one}");
    }
    assert_eq!(key_of("zero seven double zero one two three four"), key_of("call 070 01234"));
    assert_eq!(key_of("t.me/RosyJobs"), key_of("t . me / rosyjobs"));
}

/// Longest run of digits when everything but letters and digits is left out.
fn longest_run(text: &str) -> usize {
    let (mut longest, mut run) = (0, 0);
    for c in text.chars() {
        if c.is_numeric() {
            run += 1;
            longest = longest.max(run);
        } else if c.is_alphabetic() {
            run = 0;
        }
    }
    longest
}

proptest! {
    /// No group is a year or a round sum, which are left to read.
    #[test]
    fn no_number_survives(
        prefix in prop::sample::select(vec!["", "+", "(0", "tel ", "WA:", "📞"]),
        groups in prop::collection::vec("[03-9][0-9]{1,2}[1-9]", 3..5),
        separator in prop::sample::select(vec![" ", "-", ".", "", "·", " - ", "/"]),
        before in "[b-f]{4,8}",
        after in "[б-ж]{4,8}",
    ) {
        let number = groups.join(separator);
        let post = format!("{before} {prefix}{number} {after}");
        let hidden = masked(&post);
        prop_assert!(longest_run(&hidden) < 7, "{post} → {hidden}");
    }

    #[test]
    fn no_handle_survives(name in "[a-z][a-z0-9_]{2,15}", before in "[a-z]{2,8}", after in "[a-z]{2,8}") {
        let post = format!("{before} @{name} {after}");
        prop_assert!(!masked(&post).contains('@'), "{post}");
    }

    #[test]
    fn any_text_can_be_masked_and_keyed(post in any::<String>()) {
        let found = find(&NormalText::new(&post));
        prop_assert!(found.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start));
        let _ = mask(&post, &found);
        for contact in &found {
            let _ = key(b"k", &identity(contact.span.slice(&post), None));
            let _ = key(b"k", &identity(contact.span.slice(&post), CountryCode::parse("AE")));
        }
    }
}

#[test]
fn a_number_behind_another_contact_is_hidden_too() {
    for (text, number) in [
        ("Telegram @maria22 0917 123 4567", "0917"),
        ("wa.me/639171234567 0918 765 4321", "0918"),
        ("LINE maria22 0812345678", "0812345678"),
        ("WhatsApp0917 123 4567", "0917"),
        ("加飞机@joehr77", "joehr77"),
        ("IG@joehr77 for details", "joehr77"),
        ("صفر تسعة واحد سبعة خمسة ستة ثمانية ثلاثة", "تسعة"),
    ] {
        let masked = masked(text);
        assert!(!masked.contains(number), "{masked}");
    }
}

#[test]
fn a_contact_that_is_partly_hidden_already_is_masked_and_may_be_anybodys() {
    let whole = |text: &str| -> Vec<bool> {
        find(&NormalText::new(text)).iter().map(|contact| identity(contact.span.slice(text), None).is_whole()).collect()
    };
    for (text, masked) in [
        ("mail m*****a@example.org now", "mail [email] now"),
        ("ask @ma***na today", "ask [handle] today"),
        ("insta: ann***", "insta: [handle]"),
        ("wa.me/63917XXXXXXX", "[url]"),
        ("0917 123 45xx", "[phone]"),
    ] {
        check(text, masked);
        assert_eq!(whole(text), [false], "{text}");
    }
    for text in ["**ana@example.org**", "*write to @maria_k*", "t.me/riverjobs", "0917 123 4567"] {
        assert_eq!(whole(text), [true], "{text}");
    }
}

#[test]
fn a_figure_behind_a_number_in_odd_pieces_does_not_show_it() {
    check("call 050=123=4567, 18 years", "call [phone], 18 years");
    check("0917📱123📱4567 18-35", "[phone] 18-35");
    check("050=123=4567 0917 123 4567", "[phone] [phone]");
    check("+971=50=123=4567", "[phone]");
    check("电话050:123:4567加我", "电话[phone]加我");
}

#[test]
fn rows_that_count_are_left_to_read() {
    for row in [
        "ages 18 19 20 21 22",
        "18/19/20/21/22",
        "sizes 36 38 40 42 44",
        "shift 07 15 15 23 23 07",
        "7-15/15-23/23-7",
        "0800-1600 1600-2400 2400-0800",
        "children aged five eight ten twelve fifteen eighteen",
        "2500 3000 3500",
        "1000/1250/1500 AED",
        "1750/2235 AED",
        "line 2000/2500 AED",
        "Driver (2) 2000/2500 AED",
        "from 08:00 to 17:00 01.02.2026 18-35 2500",
    ] {
        untouched(row);
    }
    for number in ["06 12 34 56 78", "12 34 56 78", "22 33 44 55", "700 800 900", "9500 3000"] {
        check(number, "[phone]");
    }
}

#[test]
fn addresses_in_many_words_or_pieces_are_hidden_whole() {
    check("anna dot rosy dot jobs at gmail dot com", "[email]");
    check("anna underscore jobs at gmail dot com", "[email]");
    check("Instagram rosy.jobs.hr", "Instagram [url]");
    check("Transfer TJRabPrwbZy45 sbavf cjinPJC18kjpRTv8", "Transfer [wallet]");
}

#[test]
fn a_long_post_of_contacts_is_read_to_its_end() {
    let post = "@abc ".repeat(60_000);
    assert_eq!(find(&NormalText::new(&post)).len(), 60_000);
}

#[test]
fn a_number_and_its_link_have_one_key() {
    let number = |post: &str| {
        let text = NormalText::new(post);
        let found = find(&text);
        assert_eq!(found.len(), 1, "{post}: {found:?}");
        key(b"team key", &identity(found[0].span.slice(post), None))
    };
    let wanted = number("call +44 7700 900123");
    for post in [
        "wa.me/447700900123",
        "https://wa.me/447700900123?text=job",
        "0044 7700 900123",
        "0044 (0)7700 900123",
        "+44 (0) 7700 900123",
    ] {
        assert_eq!(number(post), wanted, "{post}: {:?}", identity(post, None));
    }
}
