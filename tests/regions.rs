//! The map: which places a post speaks of, and which part they play.

use lurescan::regions::{CountryCode, Place, PlaceSource, Region, Regions, locate};
use lurescan::text::NormalText;

fn read(text: &str, posted: Option<&str>) -> Regions {
    locate(&NormalText::new(text), posted)
}

/// Codes of the places that are likelier than not, in alphabetical order.
fn codes(places: &[Place]) -> String {
    let mut codes: Vec<String> = places.iter().filter(|place| place.p >= 0.5).map(|place| place.country.to_string()).collect();
    codes.sort();
    codes.join(" ")
}

/// Every code named at all, however unsure.
fn named(text: &str) -> String {
    let mut codes: Vec<String> = read(text, None).mentioned.iter().map(|place| place.country.to_string()).collect();
    codes.sort();
    codes.join(" ")
}

#[track_caller]
fn check(text: &str, origin: &str, destination: &str) {
    check_posted(text, None, origin, destination);
}

#[track_caller]
fn check_posted(text: &str, posted: Option<&str>, origin: &str, destination: &str) {
    let found = read(text, posted);
    assert_eq!((codes(&found.origin).as_str(), codes(&found.destination).as_str()), (origin, destination), "{text}\n{found:#?}");
}

#[test]
fn a_list_of_origins_is_not_broken_by_the_word_behind_it() {
    check("Требуются рабочие из Узбекистана и Непала, работа охранником в России", "NP UZ", "RU");
}

#[test]
fn a_destination_is_read_in_every_language() {
    for (text, destination) in [
        ("Hiring for Dubai: cleaners, salary 1500 AED", "AE"),
        ("Se buscan meseros para trabajar en España, sueldo 1200 euros", "ES"),
        ("Vagas para trabalhar em Portugal, salário 900", "PT"),
        ("Recrutement: poste de nounou au Liban, salaire 300", "LB"),
        ("Cercasi badante, lavoro in Germania, stipendio 1500", "DE"),
        ("Wir suchen Helfer, Arbeit in Österreich, Lohn 14 Euro", "AT"),
        ("Angajăm muncitori, loc de muncă în Germania, salariu 1800 euro", "DE"),
        ("Търсим работници, работа в Германия, заплата 1800 евро", "DE"),
        ("Praca w Niemczech, stawka 13 euro, wyjazd do Niemiec", "DE"),
        ("Требуются рабочие, работа в Польше, зарплата 1500 евро", "PL"),
        ("Робота в Польщі, зарплата 20 злотих на годину", "PL"),
        ("Türkiye'de çalışmak isteyen eleman aranıyor, maaş 30.000", "TR"),
        ("Rossiyada ish bor, oylik 1000 dollar", "RU"),
        ("Кореяда жұмыс бар, жалақы 2000 доллар", "KR"),
        ("مطلوب عمال للعمل في الكويت براتب 200 دينار", "KW"),
        ("استخدام کارگر برای کار در ترکیه با حقوق خوب", "TR"),
        ("سعودی عرب میں نوکری، تنخواہ 1500 ریال", "SA"),
        ("दुबई में नौकरी, वेतन 40000 रुपये", "AE"),
        ("मलेसियामा काम, तलब ५० हजार", "MY"),
        ("সৌদি আরবে কাজের সুযোগ, বেতন ১৫০০ রিয়াল", "SA"),
        ("කුවේට් රැකියා අවස්ථා, වැටුප 120", "KW"),
        ("சிங்கப்பூரில் வேலை, சம்பளம் 1200", "SG"),
        ("Lowongan kerja di Kamboja, gaji 12 juta", "KH"),
        ("Kerja kosong di Singapura, gaji 1800", "SG"),
        ("Trabaho sa Taiwan, sahod 45k, walang bayad", "TW"),
        ("Tuyển lao động đi làm việc tại Nhật Bản, lương 30 triệu", "JP"),
        ("รับสมัครพนักงานไปทำงานที่กัมพูชา เงินเดือน 40000 บาท", "KH"),
        ("ထိုင်းနိုင်ငံမှာ အလုပ် လစာ ၁၂၀၀၀ ဘတ်", "TH"),
        ("ត្រូវការកម្មករទៅធ្វើការនៅប្រទេសថៃ ប្រាក់ខែ 400 ដុល្លារ", "TH"),
        ("ຮັບສະໝັກພະນັກງານໄປເຮັດວຽກຢູ່ປະເທດໄທ ເງິນເດືອນ 12000 ບາດ", "TH"),
        ("诚聘客服去柬埔寨工作，月薪一万五包吃住", "KH"),
        ("誠徵客服，赴柬埔寨上班，月薪八萬", "KH"),
        ("カンボジアで働くスタッフ募集 月給30万円", "KH"),
        ("캄보디아 현지 근무 상담원 모집 월급 500만원", "KH"),
        ("ወደ ሳዑዲ አረቢያ ሥራ ደመወዝ 1000 ሪያል", "SA"),
        ("Nafasi za kazi nchini Qatar, mshahara 1500", "QA"),
        ("Ana neman ma'aikata, aiki a Saudi Arabia, albashi mai kyau", "SA"),
    ] {
        assert_eq!(codes(&read(text, None).destination), destination, "{text}");
    }
}

#[test]
fn an_origin_is_read_where_the_words_name_it() {
    check("Looking for Filipino nurses to work in Riyadh", "PH", "SA");
    check("Housemaids from Kenya and Uganda, job in Oman, salary 90 OMR", "KE UG", "OM");
    check("Buscamos chicas venezolanas para trabajar en Egipto", "VE", "EG");
    check("Ищем девушек из Узбекистана, работа в Казахстане", "UZ", "KZ");
    check("مطلوب عاملات من الجنسية الفلبينية للعمل في الكويت", "PH", "KW");
    check("Dicari cewek Indonesia untuk kerja di Malaysia, gaji besar", "ID", "MY");
    check("招聘越南籍工人，去台湾工作，月薪三万", "VN", "TW");
    check("🇳🇵 ➡️ 🇶🇦 work visa, salary 1200", "NP", "QA");
    // A licensing body of the country workers leave names it as plainly as its name would.
    check("POEA licensed agency, hiring to Taiwan, salary 45k", "PH", "TW");
}

#[test]
fn a_word_between_two_places_leads_from_one_to_the_other() {
    for (text, origin, destination) in [
        ("Driver needed, Kampala to Juba, 900 USD a month", "UG", "SS"),
        ("Nurses wanted, Manila to Dubai", "PH", "AE"),
        ("काठमांडू से दुबई, नौकरी, वेतन 40000", "NP", "AE"),
        ("Chofer, Bogotá a Madrid, sueldo 1200 euros", "CO", "ES"),
        ("القاهرة إلى دبي، سائق براتب 3000 درهم", "EG", "AE"),
    ] {
        check(text, origin, destination);
    }
}

#[test]
fn an_ending_that_says_from_leads_to_the_next_place() {
    check("काठमाडौंबाट दोहा उड्ने टिकट हामी दिन्छौं, तलब १५०० रियाल", "NP", "QA");
    check("Samarqanddan Moskvaga haydovchi kerak, oylik 1000 dollar", "UZ", "RU");
    check("Taşkent'ten Moskova'ya şoför aranıyor, maaş 1000 dolar", "UZ", "RU");
    // "And", which Turkic and Hausa write "from" and "man of" alike.
    check("Lowongan kerja di Batam dan Jakarta, gaji 5 juta", "", "ID");
}

#[test]
fn from_and_to_of_one_language_are_a_way() {
    for (text, origin, destination) in [
        ("De São Paulo para Lisboa, trabalho de garçonete, salário 900 euros", "BR", "PT"),
        ("De Douala au Liban, travail de ménage, salaire 300", "CM", "LB"),
        ("Da Lagos a Torino, lavoro come badante, stipendio 900 euro", "NG", "IT"),
        ("De la Chișinău până la București, loc de muncă, salariu 900 euro", "MD", "RO"),
        ("Z Kijowa do Warszawy, praca na magazynie, stawka 20 zł", "UA", "PL"),
        ("Перевезення з Одеси в Гамбург, потрібен водій, 1200 євро", "UA", "DE"),
        ("Toshkentdan Moskvaga haydovchi kerak, oylik 1000 dollar", "UZ", "RU"),
        ("Türkiye'den Almanya'ya işçi, maaş 1800 euro", "TR", "DE"),
        ("Toka Mombasa mpaka Riyadh, kazi ya nyumbani, mshahara 1000", "KE", "SA"),
        ("ከኢትዮጵያ ወደ ሳዑዲ አረቢያ ሥራ ደመወዝ 1000 ሪያል", "ET", "SA"),
        ("من القاهره للرياض، وظيفة سائق، راتب 3000", "EG", "SA"),
        ("Từ Nghệ An sang Nhật Bản, lương 30 triệu", "VN", "JP"),
        ("由香港往曼谷，誠徵客服，月薪八萬", "HK", "TH"),
        // What is passed on the way is neither.
        ("From Benin City through Libya to Italy, hair salon job, 900 euros", "NG", "IT"),
        ("Driver, Lagos to Accra to Rome, 900 a month", "NG", "IT"),
        // A town and its country are one place, and an employer's town begins no way.
        ("Poste de nounou, famille de Beyrouth au Liban, salaire 300", "", "LB"),
    ] {
        check(text, origin, destination);
    }
}

#[test]
fn a_place_that_is_denied_is_no_destination() {
    for (text, destination) in [
        ("Job in Niger, not Nigeria, salary 300 USD", "NE"),
        ("Работа не в Дубае, а в Москве, зарплата 1000 долларов", "RU"),
        ("Arbeit in Köln, nicht in Wien, Lohn 14 Euro", "DE"),
        ("Làm việc tại Hà Nội, không phải Campuchia, lương 10 triệu", "VN"),
        ("पुणे में नौकरी, दुबई नहीं, वेतन 20000", "IN"),
        ("İzmir'de iş, Dubai değil, maaş 30.000", "TR"),
        ("서울 근무, 캄보디아 아님, 월급 300만원", "KR"),
        ("وظيفة في القاهرة وليس في دبي، راتب 3000", "EG"),
        ("Cleaner wanted, not in Dubai or Doha, salary 900", ""),
    ] {
        check(text, "", destination);
    }
}

#[test]
fn an_employers_country_and_an_offices_town_are_no_destination() {
    check("A company from Turkey hires welders for its site in Poland, 15 euros an hour", "", "PL");
    check("Компания из Турции набирает сварщиков, объект в Польше, 15 евро", "", "PL");
    check("Firma z Turcji szuka spawaczy, praca w Polsce", "", "PL");
    check("Welders from Turkey, job in Poland, 15 euros an hour", "TR", "PL");
    check("Our office is in Nairobi, Kenya. Cleaning job abroad, salary 900 USD", "", "");
    check("Travail à l'étranger, salaire 900. Notre bureau est à Dakar", "", "");
    check("Работа за рубежом, зарплата 900. Наш офис находится в Бишкеке", "", "");
    check("Jobs in Dubai. Our office is in Nairobi, Kenya", "KE", "AE");
}

#[test]
fn a_province_behind_a_town_says_which_is_meant() {
    check("Cleaner job in Paris, Texas, 15 an hour", "", "US");
    check("Care job in London, Ontario, salary 18 an hour", "", "CA");
    check("Warehouse job in Birmingham, Alabama, 15 an hour", "", "US");
    check("Trabajo en Trujillo, La Libertad, sueldo 900", "", "PE");
    // The next of a list is no province, nor is a country.
    check("Cleaner job in Paris, Madrid, 15 an hour", "", "ES FR");
    check("Cleaner job in London, Canada, Dubai", "", "AE CA GB");
}

#[test]
fn where_the_addressed_live_is_their_origin() {
    check("Ragazze che dormite in piazza Libertà a Trieste, lavoro in Germania, stipendio 1500", "IT", "DE");
    check("Chicas que viven en Sevilla, trabajo en Alemania, sueldo 1500 euros", "ES", "DE");
    check("Bonsoir les frères de Lomé, travail au Gabon, salaire 110 000", "TG", "GA");
    // What they are to do there is not where they live.
    check("Ragazze che vivono sole e cercano lavoro a Milano, stipendio 1500", "", "IT");
}

#[test]
fn where_the_writer_lives_plays_no_part() {
    check("I write from Sydney, typing job online, salary 900 USD", "", "");
    check("Ich wohne in Köln und suche Helfer, Arbeit, Lohn 14 Euro", "", "");
    check("Te escribo desde Madrid, trabajo en línea, sueldo 900", "", "");
    check("Workers from Sydney, job in Dubai, salary 900 USD", "AU", "AE");
}

#[test]
fn an_article_or_a_call_to_go_is_no_place() {
    assert_eq!(named("Wir suchen Fahrer für den Markt, Lohn 14 Euro"), "");
    assert_eq!(named("사무실 같이 가자"), "");
    check("Arbeit in Den Haag, Lohn 14 Euro", "", "NL");
}

#[test]
fn a_name_of_a_person_is_no_place() {
    for text in [
        "Cleaner job, good pay. Paris will call you",
        "Packing from home, pay 3000, ring Milan on WhatsApp",
        "Loader job, ask for Sofia at the gate",
        "Оператор, оплата 3000. Пишите Софии",
        "Poste de serveuse, salaire 900. Appelez Madame Florence",
    ] {
        assert_eq!(named(text), "", "{text}");
    }
    check("Cleaner job in Paris, we will call you, 1200 euros", "", "FR");
    check("Waiter in Milan, pay 1200, ring us", "", "IT");
}

#[test]
fn people_addressed_are_not_where_the_work_is() {
    check("गुमला की ज़रूरतमंद बहनों के लिए काम, दिल्ली, बवाना साइड, वेतन 9000", "IN", "IN");
    check("बिहार के युवाओं के लिए दुबई में नौकरी, वेतन 40000", "IN", "AE");
    check("ለኤርትራውያን ሥራ ጎፋ 5000 ብር ደመወዝ", "ER", "ET");
    // Work in a town for girls is work in that town.
    check("दिल्ली में लड़कियों के लिए नौकरी, वेतन 15000", "", "IN");
    check("Driver job, 900 dollars. I have heard from Dammam that nobody is paid", "", "");
}

#[test]
fn a_quarter_or_a_side_of_town_is_a_place() {
    for (text, country, place) in [
        ("Driver wanted for villas in Mirdif, 2000 a month", "AE", "Dubai"),
        ("Sonipat side me helper chahiye, 12000 mahina", "IN", "Sonīpat"),
        ("La famille de Tunis cherche une nounou, 300 dinars par mois", "TN", "Tunis"),
        ("Пилорама за Котласом, нужны рабочие, вахта", "RU", "Kotlas"),
        ("Робота на складі, висаджуєш під Віднем, 1200 євро", "AT", "Vienna"),
        ("Praca przy owocach pod Wiedniem, 12 euro za godzinę", "AT", "Vienna"),
    ] {
        let found = read(text, None).destination;
        let first = found.first().unwrap_or_else(|| panic!("{text}: nothing found"));
        assert_eq!((first.country.as_str(), first.place.as_deref()), (country, Some(place)), "{text}");
    }
    // A stone is no town of that name, though the town has the same cases.
    assert_eq!(named("Укладка камня, камни возим сами"), "");
}

#[test]
fn money_alone_is_not_said_to_be_words_about_a_country() {
    let found = read("월급 200만원, 숙소 제공", None).inferred("ko", None, None);
    assert!(found.origin.iter().all(|place| place.from == PlaceSource::Language), "{found:#?}");
    assert!(found.signs.iter().all(|sign| sign.money_alone), "{found:#?}");
    let licensed = read("POEA licensed agency, salary 45k", None).signs;
    assert!(licensed.iter().any(|sign| !sign.money_alone), "{licensed:?}");
}

#[test]
fn a_list_shares_its_cue() {
    check("Job in Thailand, Cambodia and Laos, salary 1000 USD", "", "KH LA TH");
    check("We send you to Dubai or Doha, salary 400 USD", "", "AE QA");
}

#[test]
fn places_that_are_only_passed_or_spoken_of_are_mentioned() {
    check("Job in Kuwait via Delhi, salary 120 KD", "", "KW");
    check("Customer service job in Manila, Japanese speakers, salary 60k", "", "PH");
    check("Saudi family in Riyadh needs a driver, job in Riyadh", "", "SA");
    let found = read("Job in Kuwait via Delhi, salary 120 KD", None);
    assert_eq!(codes(&found.mentioned), "IN KW");
}

#[test]
fn a_post_that_does_not_say_gives_nothing() {
    check("Hiring typists, lucrative job abroad, ticket paid, DM me", "", "");
    check("Lagi cari kerja luar negeri? gaji 15 juta, negara nanti dikasih tau", "", "");
    // A dating profile tells where its author is.
    check("Timur, 34, Astana. I work in a bank, love mountains and travel", "", "");
    check("Hannah, 30 🇸🇬 Singapore-based, good salary, looking for love", "", "");
    // A greeting of a country without any offer.
    check("I love Japan and its trains", "", "");
    check("", "", "");
}

#[test]
fn the_platforms_region_stays_apart() {
    for region in ["PH", "ph", "Philippines", "Manila, Philippines"] {
        let found = read("Hiring typists, good pay", Some(region));
        assert_eq!((codes(&found.origin), codes(&found.destination)), (String::new(), String::new()));
        let posted = found.posted.expect("the region names a country");
        assert_eq!((posted.country.to_string().as_str(), posted.from), ("PH", PlaceSource::Metadata));
    }
    assert_eq!(read("Hiring", Some("worldwide")).posted, None);
    assert_eq!(read("Hiring", Some("Nepal or India")).posted, None);
}

#[test]
fn names_inside_words_are_not_names() {
    for text in [
        "every woman can apply for this job",
        "normalisation of the data, salary 500",
        "perusahaan membuka lowongan, gaji 5 juta",
        "a romance novel about a germane topic",
        "chadder cheese factory jobs",
        "write to @dubai_jobs or jobs@dubai.example.com",
        "https://example.com/kuwait/jobs",
        "今日本店招聘服务员",
        "スタイル抜群のタイヤ工場で仕事",
        "من فرقة موسيقية إلى ورقة عمل",
        "привет всем, того и гляди додому",
        "ik heb dabei an dich gedacht",
    ] {
        assert_eq!(named(text), "", "{text}");
    }
}

#[test]
fn names_are_found_inside_scripts_without_spaces_and_with_endings() {
    for (text, code) in [
        ("我在柬埔寨西港上班", "KH"),
        ("เขาไปปอยเปตเมื่อวาน", "KH"),
        ("မြဝတီမှာနေတယ်", "MM"),
        ("ខ្ញុំនៅព្រះសីហនុ", "KH"),
        ("ຢູ່ສາມຫຼ່ຽມຄຳ", "LA"),
        ("Dubayda ish", "AE"),
        ("do Dubaju", "AE"),
        ("из Бангладеша", "BD"),
        ("Ташкентдан", "UZ"),
        ("وبالكويت", "KW"),
        ("للسعودية", "SA"),
        ("নেপালের লোক", "NP"),
        ("कतारको काम", "QA"),
        ("துபாயில்", "AE"),
        ("ከኢትዮጵያ", "ET"),
        ("in 🇰🇭", "KH"),
        ("Кыздар, Сеулдо тигүү цехинде", "KR"),
        ("Tbilisziben ápolót keresünk", "GE"),
        ("Munka Németországban", "DE"),
        ("Työtä Virosta Saksaan", "DE EE"),
        ("Práce v Rakousku", "AT"),
        ("Jobb i Tammerfors", "FI"),
        ("Δουλειά στη Γερμανία", "DE"),
        ("עבודה בגרמניה", "DE"),
    ] {
        assert_eq!(named(text), code, "{text}");
    }
}

#[test]
fn hotspots_carry_their_name() {
    for (text, country, place) in [
        ("office job in Sihanoukville, salary 900", "KH", "Sihanoukville"),
        ("西港招聘客服", "KH", "Sihanoukville"),
        ("job in KK Park near Myawaddy", "MM", "KK Park"),
        ("work in Shwe Kokko", "MM", "Shwe Kokko"),
        ("ทำงานที่สามเหลี่ยมทองคำ เงินเดือนดี", "LA", "Golden Triangle SEZ"),
        ("job in Tachileik", "MM", "Tachileik"),
        ("trabaho sa Bamban, sahod 30k", "PH", "Bamban"),
        ("kerja di Batam, gaji 5 juta", "ID", "Batam"),
        ("job in Mae Sot", "TH", "Mae Sot"),
    ] {
        let found = read(text, None);
        let first = found.mentioned.iter().find(|p| p.place.as_deref() == Some(place));
        let first = first.or_else(|| found.destination.first()).unwrap_or_else(|| panic!("{text}: nothing found"));
        assert_eq!((first.country.as_str(), first.place.as_deref()), (country, Some(place)), "{text}");
    }
}

#[test]
fn an_ambiguous_name_keeps_its_readings_until_something_settles_it() {
    // Georgia: country or state.
    let open = read("Job in Georgia, salary 900 USD", None);
    assert_eq!(open.destination.iter().map(|p| p.country.as_str()).collect::<Vec<_>>(), ["GE", "US"]);
    assert!(open.destination.iter().all(|p| p.p < 0.5));
    check("Job in Georgia, near Tbilisi, salary 900 USD", "", "GE");
    check("Farm job in Georgia and Florida, USA, salary 15 an hour", "", "US");
    check_posted("Farm job in Georgia, 15 an hour", Some("US"), "", "US");
    // Hyderabad, Tripoli, Congo.
    check("Data entry job in Hyderabad, Sindh, salary 40000", "", "PK");
    check("Guard job in Tripoli, Libya, salary 1500 USD", "", "LY");
    assert_eq!(named("job in Congo"), "CD CG");
    // Names of people and things.
    for text in [
        "Hi, I'm Jordan, let's chat",
        "my friend Chad has a job",
        "turkey sandwich for lunch",
        "Victoria, love of my life",
        "nice reading on my mobile",
    ] {
        assert_eq!(named(text), "", "{text}");
    }
    check("Hotel job in Turkey, salary 600 USD", "", "TR");
    check("Factory job in Jordan, salary 250 JOD", "", "JO");
}

#[test]
fn a_small_town_counts_beside_its_country() {
    assert_eq!(named("Apatzingán, trabajo"), "");
    check_posted("Se busca cocinera, Apatzingán, sueldo 1500 semanales", Some("MX"), "", "MX");
}

#[test]
fn spans_slice_the_original() {
    let text = "WORK IN D\u{200b}UBAI 🇦🇪!! Also do Dubaju, Türkiye’de, 柬埔寨西港";
    for place in &read(text, None).mentioned {
        let span = place.span.expect("a place from the text has a span");
        assert!(
            ["D\u{200b}UBAI", "Dubaju", "🇦🇪", "Türkiye", "Türkiye’de", "柬埔寨", "西港"].contains(&span.slice(text)),
            "{:?}",
            span.slice(text)
        );
    }
}

#[test]
fn every_iso_code_has_a_region_and_a_name() {
    let all = CountryCode::all();
    assert_eq!(all.len(), 250, "249 codes of ISO 3166-1 and XK");
    for code in &all {
        assert_eq!(CountryCode::parse(code.as_str()), Some(*code));
        assert_ne!(code.name(), "?", "{code}");
        assert!(Region::ALL.contains(&code.region()));
    }
    for (code, region) in [
        ("KH", Region::EastAsiaPacific),
        ("TR", Region::EuropeEurasia),
        ("SX", Region::EuropeEurasia),
        ("AE", Region::NearEast),
        ("NP", Region::SouthCentralAsia),
        ("NG", Region::Africa),
        ("CW", Region::WesternHemisphere),
        ("US", Region::WesternHemisphere),
    ] {
        assert_eq!(CountryCode::parse(code).map(CountryCode::region), Some(region), "{code}");
    }
    for wrong in ["", "X", "ZZ", "USA", "цц", "1A"] {
        assert_eq!(CountryCode::parse(wrong), None, "{wrong}");
    }
}

#[test]
fn any_text_is_read_without_panic() {
    use proptest::prelude::*;
    let pieces = prop::sample::select(vec![
        "dubai",
        "Дубае",
        "دبي",
        "ال",
        "दुबई",
        "में",
        "ประเทศไทย",
        "ไทย",
        "์",
        "တ",
        "း",
        "柬埔寨",
        "タイ",
        "ー",
        "한국",
        "에서",
        "🇰",
        "🇰🇭",
        "➡",
        "\u{200d}",
        "\u{301}",
        " ",
        "\n",
        ",",
        "34",
        "@",
        "://",
        "in ",
        "from ",
        "$",
        "Türkiye",
        "'de",
        "ኢትዮጵያ",
        "በ",
    ]);
    proptest!(|(pieces in prop::collection::vec(pieces, 0..20))| {
        let text = pieces.concat();
        let found = read(&text, Some("TH")).inferred("th", None, None);
        for place in found.origin.iter().chain(&found.destination).chain(&found.mentioned) {
            prop_assert!(place.p > 0.0 && place.p <= 1.0);
            if let Some(span) = place.span {
                prop_assert!(!span.slice(&text).is_empty());
            }
        }
    });
}

#[test]
fn routes_agents_and_names_are_told_apart() {
    let mut wrong = Vec::new();
    let mut check = |text: &str, origin: &str, destination: &str| {
        let found = read(text, None);
        let places = (codes(&found.origin), codes(&found.destination));
        if places != (origin.to_owned(), destination.to_owned()) {
            wrong.push(format!("{text}: {places:?}"));
        }
    };
    check("Hostess jobs in Dubai then Syria/Lebanon, 900 USD a month", "", "AE LB SY");
    check("مطلوب سائق، العمل إلى إيطاليا براتب 1500 يورو", "", "IT");
    check("Tuyển người làm bên Cam, lương 800 USD", "", "KH");
    check("रसियामा काम, तलब १५०० डलर", "", "RU");
    check("Jeunes dames de Douala, travail au Koweït, salaire 300 dollars", "CM", "KW");
    check("Cleaning job in Doha, 1200 QAR, call our agent in Kampala", "UG", "QA");
    check("Kumpel z Bangkoku szuka ludzi, praca w Dubaju, 1500 USD", "", "AE");
    check("Camareras para Zúrich y Chipre, sueldo 1200 euros", "", "CH CY");
    for text in [
        "Housekeeper wanted, 900 USD a month, ask for Chad",
        "مطلوب عاملة تسكن حولي، راتب 200",
        "Nettes Zimmermädchen gesucht, bitte den Lebenslauf schicken, Lohn 14 Euro",
        "Em nào muốn đi làm thì nhắn đến chị, lương 10 triệu",
    ] {
        if !named(text).is_empty() {
            wrong.push(format!("{text}: {}", named(text)));
        }
    }
    // Towns as Slavic, Turkic, Finnic and Ugric languages inflect them.
    for (text, code) in [
        ("Praca w Londynie, 1500 funtów", "GB"),
        ("Praca w Hamburgu, 14 euro na godzinę", "DE"),
        ("Робота у Варшаві, 25 злотих", "PL"),
        ("Робота в Празі, 900 євро", "CZ"),
        ("Bangkok'ta iş, maaş 1000 dolar", "TH"),
        ("Töitä Tukholmassa, palkka 2000 euroa kuussa", "SE"),
        ("Työpaikka Dubaissa, palkka 2000 euroa", "AE"),
        ("Munka Londonban, 15 font óránként", "GB"),
        ("Práce v Londýně, 15 liber na hodinu", "GB"),
    ] {
        if named(text) != code {
            wrong.push(format!("{text}: {}", named(text)));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
