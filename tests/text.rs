//! The text room: disguises come off, honest text stays as it is, and every span slices the words the author wrote.

use lurescan::text::{Disguise, NormalText, NotAssessed, SupportedScripts, assessable, fold, identify};
use proptest::prelude::*;

/// The disguised text is read as `expected`.
#[track_caller]
fn check(disguised: &str, expected: &str) {
    assert_eq!(NormalText::new(disguised).cased(), expected, "{disguised:?}");
}

/// The text reaches the model byte for byte, and nothing is called a disguise.
#[track_caller]
fn unharmed(text: &str) {
    check(text, text);
    assert!(NormalText::new(text).disguises().is_empty(), "{text}");
}

/// `word`, found in the folded text, stands for `original` in the post.
#[track_caller]
fn check_span(post: &str, word: &str, original: &str) {
    let text = NormalText::new(post);
    let at = text.folded().find(word).unwrap_or_else(|| panic!("{word} not in {:?}", text.folded()));
    assert_eq!(text.span(at..at + word.len()).slice(post), original);
}

#[test]
fn invisible_characters_go() {
    check("T\u{200b}ELE\u{ad}gr\u{2060}am \u{feff}now", "TELEgram now");
    check("pass\u{200e}port \u{202a}here\u{202c}", "passport here");
    check("ti\u{e0063}\u{e006f}cket p\u{fe0f}ay", "ticket pay");
    check("call \u{202e}tropssap\u{202c} now", "call passport now");
    check("step 1\u{fe0f}\u{20e3} and 2\u{20e3}", "step 1 and 2");
}

#[test]
fn letters_in_costume_become_plain() {
    check("𝓗𝓲𝓻𝓲𝓷𝓰 𝗡𝗢𝗪 Ⓥⓘⓢⓐ 🅟🅐🅢🅢 🆅🅸🆂🅰 ᴡᴏʀᴋ Ｔｅｌｅｇｒａｍ", "Hiring NOW Visa PASS VISA work Telegram");
    check("🇻\u{200b}🇮\u{200b}🇸\u{200b}🇦", "VISA");
    check("🇨🇦🇸🇭🇯🇴🇧", "CASHJOB");
    check("p̷̢̛̱a̸̧̛s̴s̵p̶o̷r̸t̴", "passport");
    check("ﬁrst ｶﾞ", "first ガ");
}

#[test]
fn look_alikes_are_resolved_towards_the_word() {
    check("раssроrt fee, tеlеgrаm", "passport fee, telegram");
    check("paбoтa c 18 лeт, зapaбoтoк", "работа с 18 лет, заработок");
    check("Прuвeт, крunтa и дoxoд", "Привет, крипта и доход");
    check("Ꮩisa and cοntract", "Visa and contract");
    check("HlRlNG in DUBAl", "HIRING in DUBAl");
    check("ищᴇʍ ᴄᴏᴛᴩудниᴋᴀ", "ищем сотрудника");
}

#[test]
fn two_languages_in_a_word_are_not_a_disguise() {
    unharmed("Нужен SMMщик и PRщик, знание Python и C++, IT-отдел, kΩ, α-версия");
    unharmed("eventы и backendом занимается Java-разработчик");
    unharmed("Шукаємо менеджера зі знанням CRM та Excel, об’єкт у Києві");
}

#[test]
fn leet_is_read_among_letters() {
    check("v1sa and p4ssport, $alary 900", "visa and passport, salary 900");
    check("0ffice w0rk, l4dies & g3nts, f00d, all fr33", "office work, ladies & gents, food, all free");
    check("K3rja n3g3ri, ch4t adm, tug4s", "Kerja negeri, chat adm, tugas");
    check("зараб0ток, р@бота, лю6ой", "заработок, работа, любой");
    check("pay 2OOO–35OO", "pay 2000–3500");
    assert!(NormalText::new("v1sa").disguises().contains(Disguise::Leet));
}

#[test]
fn digits_with_a_meaning_of_their_own_stay() {
    unharmed("4G sim, H2B visa, A1 German, CV2, B2B and B2C sales, covid19 test, 3x pay, mp3 player, html5 and web3dev");
    unharmed("BP3MI and SIP3MI, SAP4HANA, iPhone4s, Room3B, Salary13th month, 9am5pm, d3js");
    unharmed("jobs@mail.example.com, https://example.com/j0bs, @w0rk_4u, t.me/c4sh");
    unharmed("Gaji 5jt, umur 18-35, 24jam, lvl3, tgl 4, 3bulan");
}

#[test]
fn spaced_words_are_joined() {
    check("p a s s p o r t needed", "passport needed");
    check("п а с п о р т на руки", "паспорт на руки");
    check("p.a.s.s.p.o.r.t and v-i-s-a", "passport and visa");
    check("J O B  F A I R", "JOB  FAIR");
    unharmed("U S A and U.K., J. R. R. Tolkien, categories A B C D, x x x x");
    unharmed("我 是 中 国 人 。 ก ข ค ง จ");
}

#[test]
fn honest_text_passes_unharmed() {
    for text in [
        "Требуется няня в семью, опыт от двух лет, жильё и питание. Ёлка, подъезд.",
        "Шукаю роботу в Польщі, маю досвід і їжджу своїм авто; ґанок.",
        "Тражимо куварицу за сезону у Црној Гори, ноћни рад, љубазност.",
        "Ζητείται σερβιτόρος για ταβέρνα στη Θεσσαλονίκη, μισθός και ασφάλιση.",
        "مطلوب عاملة منزلية، الراتب ٣٠٠٠ ريال، إجازة أسبوعية. السلامُ عليكم",
        "به یک پرستار نیاز داریم؛ می\u{200c}توانید پیام بدهید، خانه\u{200c}ها نزدیک است.",
        "ہمیں ایک ڈرائیور چاہیے، تنخواہ اچھی ہے، رہائش مفت۔",
        "דרושה מטפלת לקשישה, מגורים במקום.",
        "รับสมัครพนักงานร้านอาหาร ทำงานวันจันทร์ถึงศุกร์ น้ำดื่มฟรี ที่พักให้",
        "ត្រូវការ\u{200b}បុគ្គលិក\u{200b}ធ្វើការ\u{200b}នៅ\u{200b}ភ្នំពេញ",
        "ຕ້ອງການພະນັກງານຂາຍ ເງິນເດືອນດີ",
        "हमें रसोइये की ज़रूरत है, वेतन बीस हज़ार, रहना मुफ़्त। क्\u{200d}या",
        "ঢাকায় একজন ড্রাইভার দরকার, বেতন আলোচনা সাপেক্ষে।",
        "စားသောက်ဆိုင်တွင် အလုပ်သမား လိုအပ်သည်၊ လစာကောင်းသည်။",
        "ቤት ሠራተኛ እንፈልጋለን፤ ደመወዝ በስምምነት።",
        "急招服务员三名，包吃住，月薪五千；联系电话见下（白班）！",
        "誠徵早餐店員工，週休二日：時薪一百九十元？",
        "飲食店のスタッフを募集しています。時給は千二百円、交通費も支給します。",
        "카페 알바 구합니다ㅋㅋㅋ 주말 근무 가능하신 분 연락 주세요ㅠㅠ",
        "Cần tuyển nhân viên phục vụ, lương thỏa thuận, được nuôi ăn ở.",
        "Potrzebna opiekunka do starszej pani, łóżko i wyżywienie; źródło, żółw.",
        "İstanbul'da garson aranıyor, ışıklı çalışma ortamı, sigorta var.",
        "👩\u{200d}👩\u{200d}👧 Familia busca niñera ✈\u{fe0f} 🇵🇭🇲🇾 ½ día, 20 m², 1ª planta, Nº 5™ …",
    ] {
        // Bengali and Hindi letters with a dot are written as letter and dot by Unicode's own normal form.
        let expected: String =
            text.replace('\u{9df}', "\u{9af}\u{9bc}").replace('\u{9dc}', "\u{9a1}\u{9bc}").replace('\u{95b}', "\u{91c}\u{93c}");
        let expected = expected.replace('\u{95e}', "\u{92b}\u{93c}");
        check(text, &expected);
        assert!(NormalText::new(text).disguises().is_empty(), "{text}");
    }
}

#[test]
fn zawgyi_burmese_becomes_unicode() {
    // "Good health to you, work abroad": vowel e, medial ra and asat are stored in another order and at other code points.
    check("ေကာင္းပါတယ္ ေက်းဇူးတင္ပါတယ္", "ကောင်းပါတယ် ကျေးဇူးတင်ပါတယ်");
    check("ျမန္မာႏိုင္ငံ အလုပ္ လစာ", "မြန်မာနိုင်ငံ အလုပ် လစာ");
    check("ႀကိဳတင္ စုံစမ္းႏိုင္ပါသည္", "ကြိုတင် စုံစမ်းနိုင်ပါသည်");
    assert!(NormalText::new("ေကာင္းပါတယ္").disguises().contains(Disguise::Zawgyi));
}

#[test]
fn folding_takes_case_accents_and_variants() {
    assert_eq!(fold("Đăng KÝ  Làm\tViệc\r\n\n Ngay"), "dang ky lam viec\nngay");
    assert_eq!(fold("Łódź Straße IŞIK İstanbul Søren Œuvre"), "lodz strasse isik istanbul soren oeuvre");
    assert_eq!(fold("Ёлка ещё Йод ї"), "елка еще йод ї");
    assert_eq!(fold("Αθήνα ΟΔΌΣ"), fold("ΑΘΗΝΑ οδος"));
    assert_eq!(fold("إلى الإمارات مُـــــهِمّ"), "الي الامارات مهم");
    assert_eq!(fold("می\u{200c}کند"), fold("ميكند"));
    assert_eq!(fold("٩٨٧ ۱۲ ९৮ ๗"), "987 12 98 7");
    assert_eq!(fold("“don’t” – ！"), "\"don't\" - !");
}

#[test]
fn spans_slice_the_disguised_original() {
    check_span("Join T\u{200b}ELEgram now", "telegram", "T\u{200b}ELEgram");
    check_span("need p.a.s.s.p.o.r.t!", "passport", "p.a.s.s.p.o.r.t");
    check_span("тут paбoтa есть", "работа", "paбoтa");
    check_span("Đăng ký làm việc", "lam viec", "làm việc");
    check_span("a cafe\u{301} b", "cafe", "cafe\u{301}");
    check_span("x 𝓥𝓲𝓼𝓪 y", "visa", "𝓥𝓲𝓼𝓪");
    check_span("go \u{202e}asiv\u{202c}!", "visa", "\u{202e}asiv");
    check_span("two  \n words", "two\nwords", "two  \n words");
    check_span("น้ำดื่ม", "ด", "ดื่");
}

/// Words, disguises and scripts brought together more often than chance would.
fn tricky() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "visa",
        "p4ss",
        "раss",
        "job ",
        "T\u{200b}",
        "é",
        "e\u{301}",
        "đ",
        "ß",
        "İ",
        "ﬁ",
        "𝓹",
        "🇵🇭",
        "🇵",
        "👩\u{200d}👧",
        "م\u{64e}",
        "ک",
        "น้ำ",
        "ေက",
        "္",
        "한",
        "中",
        "ｆ",
        "９",
        " ",
        "  ",
        "\n",
        ".",
        "a b c d ",
        "\u{202e}",
        "\u{202c}",
        "½",
        "1",
        "$",
        "@x_1",
        "ﷺ",
        "ệ",
        "क्\u{200d}ष",
    ]);
    prop_oneof![prop::collection::vec(pieces, 0..20).prop_map(|pieces| pieces.concat()), any::<String>()]
}

proptest! {
    #[test]
    fn any_span_slices_and_spans_keep_their_order(post in tricky(), cut in any::<(prop::sample::Index, prop::sample::Index)>()) {
        let text = NormalText::new(&post);
        let (a, b) = (cut.0.index(text.folded().len() + 1), cut.1.index(text.folded().len() + 1));
        let (a, b) = (a.min(b), a.max(b));
        let (first, second) = (text.span(a..b), text.span(b..text.folded().len()));
        let _ = first.slice(&post);
        let _ = second.slice(&post);
        prop_assert!(first.start <= first.end && second.start <= second.end && first.start <= second.start);
        prop_assert!(a == b || first.start < first.end);
        let _ = text.model_span(0..text.model().len()).slice(&post);
    }

    #[test]
    fn plain_words_are_mapped_to_themselves(post in "[a-z]{2,9}( [a-z]{2,9}){0,8}", cut in any::<(prop::sample::Index, prop::sample::Index)>()) {
        let text = NormalText::new(&post);
        prop_assert_eq!(text.folded(), &post);
        let (a, b) = (cut.0.index(post.len() + 1), cut.1.index(post.len() + 1));
        let span = text.span(a.min(b)..a.max(b));
        prop_assert_eq!((span.start, span.end), (a.min(b), a.max(b)));
    }

    #[test]
    fn a_disguised_word_is_found_where_it_stands(before in "[a-z]{2,8}", after in "[a-z]{2,8}", hidden in prop::collection::vec(0..3_u8, 7)) {
        let disguised: String = "telegram".chars().enumerate().map(|(at, c)| match hidden.get(at).copied().unwrap_or(0) {
            1 => format!("{c}\u{200b}"),
            2 => c.to_uppercase().to_string(),
            _ => c.to_string(),
        }).collect();
        let post = format!("{before} {disguised} {after}");
        let text = NormalText::new(&post);
        let at = text.folded().find("telegram").expect("undisguised");
        prop_assert_eq!(text.span(at..at + 8).slice(&post), disguised);
    }

    #[test]
    fn folding_twice_changes_nothing(post in prop_oneof!["([a-zA-ZÀ-ɏ]{2,9}[ .,]){0,6}", "([а-яА-ЯЁё]{2,9}[ .,]){0,6}", "([آ-ي]{2,9} ){0,6}"]) {
        let once = fold(&post);
        prop_assert_eq!(fold(&once), once);
    }
}

#[test]
fn languages_of_short_posts() {
    for (tag, post) in [
        ("en", "Looking for a waiter in our restaurant, two days off, contact us"),
        ("pcm", "Abeg una wey sabi cook make una come, work dey for my shop"),
        ("es", "Buscamos cocinero con experiencia, el sueldo es de 1200 al mes"),
        ("pt", "Procuramos ajudante de cozinha, não precisa experiência, salário no fim do mês"),
        ("fr", "Nous cherchons une serveuse pour la saison, logement avec le contrat"),
        ("it", "Cerchiamo un cameriere per la stagione, alloggio e stipendio sono buoni"),
        ("de", "Wir suchen eine Köchin für unser Gasthaus, Zimmer ist vorhanden"),
        ("nl", "Wij zoeken een kok voor ons restaurant, je krijgt een kamer"),
        ("pl", "Szukamy kelnerki do pracy w restauracji, mieszkanie jest na miejscu"),
        ("cs", "Hledáme kuchaře do naší restaurace, mzda je dobrá a ubytování máme"),
        ("ro", "Căutăm bucătar pentru restaurant, cazare și masă sunt asigurate"),
        ("hu", "Szakácsot keresünk az éttermünkbe, a fizetés jó és van szállás"),
        ("tr", "Lokantamız için garson aranıyor, maaş iyi ve konaklama dahil"),
        ("az", "Restoranımız üçün ofisiant axtarırıq, maaş yaxşıdır və yemək var"),
        ("uz", "Oshxonaga oshpaz kerak, oylik yaxshi va yotoq bilan bo'ladi"),
        ("vi", "Quán cần tuyển nhân viên phục vụ, lương tháng được trả đúng ngày"),
        ("vi", "quan can tuyen nhan vien, luong cao, lien he ngay nhe ai can viec"),
        ("id", "Loker rumah makan, gaji bulanan, yang minat bisa hubungi saya aja"),
        ("ms", "Kedai makan nak cari pekerja, gaji sebulan, boleh wassap saya lah"),
        ("tl", "Hanap po namin ang tindera sa bakery, libre ang pagkain, message lang"),
        ("tl", "Hiring po kami ng cook, stay in, 500 per day, message lang po sa mga interesado"),
        ("sw", "Tunatafuta mpishi kwa hoteli yetu, mshahara ni mzuri kila mwezi"),
        ("ha", "Muna neman mai dafa abinci a gidan abinci, albashi yana da kyau kowane wata"),
        ("so", "Waxaan rabnaa cunto kariye, mushaharka waa fiican yahay bil kasta"),
        ("hi-Latn", "Humein dhaba ke liye rasoiya chahiye, khana aur rehna free hai bhai"),
        ("ru", "Требуется повар в кафе, зарплата каждую неделю, пишите"),
        ("uk", "Потрібен кухар у кав'ярню, зарплата щотижня, пишіть мені"),
        ("bg", "Търсим готвач за ресторант, заплатата е добра и има квартира"),
        ("sr", "Тражимо кувара за ресторан, плата је добра и смештај је обезбеђен"),
        ("kk", "Дәмханаға аспаз керек, жалақысы жақсы, жатын орын бар"),
        ("mn", "Ресторанд тогооч ажилд авна, цалин сайн байна, утсаар ярина уу"),
        ("ar", "مطلوب طباخ للعمل في مطعم، الراتب جيد مع سكن"),
        ("fa", "به یک آشپز برای رستوران نیاز داریم، حقوق خوب است"),
        ("ur", "ہمیں ہوٹل کے لیے باورچی کی ضرورت ہے، تنخواہ اچھی ہے"),
        ("hi", "ढाबे के लिए रसोइया चाहिए, वेतन अच्छा है और रहना मुफ्त है"),
        ("ne", "होटलमा भान्से चाहियो, तलब राम्रो छ, खान बस्न फ्री हुन्छ"),
        ("mr", "हॉटेलमध्ये आचारी पाहिजे, पगार चांगला आहे आणि राहायला जागा आहे"),
        ("bn", "হোটেলের জন্য রাঁধুনি দরকার, বেতন ভালো"),
        ("ta", "உணவகத்திற்கு சமையல்காரர் தேவை, சம்பளம் நன்று"),
        ("si", "ආපනශාලාවට කෝකියෙක් අවශ්‍යයි, වැටුප හොඳයි"),
        ("th", "ร้านอาหารต้องการพ่อครัว เงินเดือนดี มีที่พัก"),
        ("km", "ហាងបាយត្រូវការចុងភៅ ប្រាក់ខែល្អ"),
        ("my", "စားသောက်ဆိုင်အတွက် စားဖိုမှူး လိုအပ်သည်"),
        ("am", "ለምግብ ቤት ምግብ አብሳይ ያስፈልጋል፣ ደመወዝ ጥሩ ነው"),
        ("ti", "ንቤት ብልዒ ከሻኒ የድሊ ኣሎ፣ ደሞዝ ጽቡቕ እዩ"),
        ("ka", "რესტორანს სჭირდება მზარეული, ხელფასი კარგია"),
        ("hy", "Ռեստորանին խոհարար է պետք, աշխատավարձը լավն է"),
        ("el", "Ζητείται μάγειρας για ταβέρνα, καλός μισθός"),
        ("he", "דרוש טבח למסעדה, משכורת טובה"),
        ("zh-Hans", "饭店招聘厨师，月薪八千，包吃住，请联系"),
        ("zh-Hant", "餐廳誠徵廚師，月薪四萬，供膳宿，請來電"),
        ("ja", "レストランでシェフを募集しています。寮があります"),
        ("ko", "식당에서 요리사를 구합니다. 숙소 제공"),
    ] {
        let language = identify(&NormalText::new(post));
        assert_eq!(language.tag, tag, "{post} ({})", language.p);
        assert!((0.0..=1.0).contains(&language.p));
    }
}

#[test]
fn nothing_to_go_by_is_no_language() {
    for post in ["", "👍👍👍", "https://example.com/a 555 0100", "Zxqv Brklm Ptzk"] {
        let language = identify(&NormalText::new(post));
        assert!(language.tag == "und" || language.p < 0.5, "{post}: {language:?}");
    }
}

#[test]
fn what_is_too_short_or_unreadable_is_not_assessed() {
    let scripts = |languages: &[&str]| SupportedScripts::of_languages(languages);
    let supported = scripts(&["en", "ru", "zh-Hans", "th", "ja"]);
    let assess = |post: &str| assessable(&NormalText::new(post), &supported);
    assert_eq!(assess("good job"), Err(NotAssessed::TooShort));
    assert_eq!(assess("https://example.com/some/path @name_1 😀😀😀 100 200 300"), Err(NotAssessed::TooShort));
    assert_eq!(assess("日结三百"), Err(NotAssessed::TooShort));
    assert_eq!(assess("高薪招聘客服包机票"), Ok(()));
    assert_eq!(assess("รับสมัครงานที่กัมพูชา"), Ok(()));
    assert_eq!(assess("good job today"), Ok(()));
    assert_eq!(assess("ढाबे के लिए रसोइया चाहिए"), Err(NotAssessed::UnsupportedLanguage));
    // A quarter of the letters can be read, so somebody should.
    assert_eq!(assess("ढाबे के लिए रसोइया चाहिए job in Dubai"), Ok(()));
    // The wrong language, but the right script.
    assert_eq!(assess("Hledáme kuchaře do naší restaurace"), Ok(()));
    assert_eq!(
        assessable(&NormalText::new("ढाबे के लिए रसोइया चाहिए"), &scripts(&["hi-Latn"])),
        Err(NotAssessed::UnsupportedLanguage)
    );
    assert_eq!(assessable(&NormalText::new("ढाबे के लिए रसोइया चाहिए"), &scripts(&[])), Ok(()));
}
