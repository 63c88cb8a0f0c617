"""Clean fictional prose in many languages: what every step and every preset must leave alone.

All of it was written for this project. It is in NFC, has no furniture, no dateline, and no date
line, and keeps what careless cleaning breaks: joiners, wide letters, curly and low quotes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# language -> paragraphs; any choice of them, in any order, is a story of that language.
PARAGRAPHS: Mapping[str, tuple[str, ...]] = {
    "en": (
        "The harbour council voted late on Tuesday to reopen the old ferry line, ending a dispute that had divided the town for almost eleven years.",
        "“We waited long enough,” said Marta Kellow, who runs a small bakery near the pier. “My customers come by boat, and they always have.”",
        "Engineers found that the wooden landing stage was sound, although several of the iron bolts had rusted through and will have to be replaced before spring.",
        "The first crossing is expected to carry about 240 passengers, most of them pupils from the islands, and will take a little under forty minutes.",
        "Critics said the council’s figures were too hopeful. A study paid for by the shipping company had put the cost at 3.4 million crowns, nearly twice the sum in the budget.",
        "Mr. Orlan, the deputy mayor, told reporters that no taxes would be raised, and that the money would come from the sale of two disused warehouses.",
        "Fishermen have asked for a second berth so that their boats need not wait outside the harbour when the wind turns to the north-east.",
        "The company did not say how many people it would hire, but a notice in its window on Friday asked for deckhands, cooks and a bookkeeper.",
    ),
    "de": (
        "Der Stadtrat hat am Dienstagabend beschlossen, die alte Brücke über die Lenne bis zum Herbst wieder für Fußgänger zu öffnen.",
        "„Wir haben lange genug gewartet“, sagte die Bäckerin Greta Wollmann, deren Laden seit der Sperrung die Hälfte der Kundschaft verloren hat.",
        "Die Ingenieure hielten das Bauwerk für sicher, rieten aber dazu, das Geländer zu erneuern und die Zahl der Laternen zu verdoppeln.",
        "Nach Angaben der Verwaltung kostet die Sanierung rund 1,2 Millionen Euro; ein Teil davon kommt aus einer Stiftung.",
        "Kritiker wiesen darauf hin, dass der Frost im vergangenen Jahr größere Schäden angerichtet habe, als der Bericht erkennen lasse.",
    ),
    "fr": (
        "Le conseil municipal a décidé mardi soir de rouvrir l’ancienne ligne de tramway, après onze années de disputes et d’études.",
        "La boulangère Élise Marchenoir, dont la boutique donne sur le quai, espère que les clients de l’autre rive reviendront dès le printemps.",
        "Selon les ingénieurs, les rails sont encore solides, mais il faudra remplacer une grande partie des câbles avant l’été.",
        "Le coût des travaux est estimé à près de trois millions d’euros, dont un tiers sera payé par la région.",
        "Plusieurs élus ont regretté que le rapport ne dise rien du bruit, ni des arbres qu’il faudra abattre le long de l’avenue.",
    ),
    "es": (
        "El ayuntamiento decidió el martes por la noche reabrir el viejo mercado de pescado, cerrado desde el gran incendio de hace once años.",
        "La panadera Inés Olmedillo contó que muchos vecinos habían dejado de pasar por la plaza y que espera verlos de nuevo en primavera.",
        "Los ingenieros aseguraron que el tejado aguantará otro invierno, aunque pidieron cambiar las vigas más dañadas.",
        "La obra costará cerca de dos millones de euros y dará trabajo a unas cuarenta personas del barrio.",
        "¿Quién pagará la limpieza? Nadie supo responder, y la oposición anunció que pedirá explicaciones en la próxima reunión.",
    ),
    "pt": (
        "A câmara municipal decidiu na terça-feira à noite reabrir a antiga estação de comboios, fechada há mais de onze anos.",
        "A padeira Inês Valadim disse que os clientes da outra margem deixaram de vir e que espera vê-los outra vez na primavera.",
        "Os engenheiros garantem que a ponte de ferro está sólida, mas pedem que se troquem os parafusos antes do inverno.",
        "As obras vão custar cerca de dois milhões de euros, pagos em partes iguais pelo município e por uma fundação.",
    ),
    "it": (
        "Il consiglio comunale ha deciso martedì sera di riaprire il vecchio teatro, chiuso da undici anni per via del tetto pericolante.",
        "La fornaia Ilaria Montecchi ha detto che senza gli spettacoli la piazza si era svuotata e che molti negozi avevano chiuso.",
        "Secondo i tecnici le travi sono ancora solide, però l’impianto elettrico è da rifare prima dell’autunno.",
        "I lavori costeranno circa due milioni di euro, metà dei quali verrà dalla vendita di un magazzino.",
    ),
    "nl": (
        "De gemeenteraad besloot dinsdagavond de oude veerdienst te heropenen, na een ruzie die het dorp elf jaar had verdeeld.",
        "Bakker Marieke Zonderland hoopt dat haar klanten van de overkant in het voorjaar weer gewoon met de boot komen.",
        "Volgens de ingenieurs is de houten steiger nog sterk genoeg, maar moeten de meeste bouten worden vervangen.",
        "De kosten worden geschat op ruim een miljoen euro, waarvan de provincie de helft betaalt.",
    ),
    "pl": (
        "Rada miasta postanowiła we wtorek wieczorem otworzyć na nowo starą przystań, zamkniętą od jedenastu lat.",
        "Piekarka Jagna Wrzosek mówi, że bez promu straciła połowę klientów i że wiosną liczy na ich powrót.",
        "Zdaniem inżynierów drewniany pomost jest wciąż mocny, trzeba jednak wymienić zardzewiałe śruby i poręcze.",
        "Koszt prac oszacowano na trzy miliony złotych, z czego jedną trzecią ma zapłacić województwo.",
    ),
    "tr": (
        "Belediye meclisi salı akşamı yaptığı toplantıda, on bir yıldır kapalı olan eski iskelenin yeniden açılmasına karar verdi.",
        "Fırıncı Şebnem Ilgaz, müşterilerinin çoğunun adadan geldiğini ve ilkbaharda onları yeniden görmeyi umduğunu söyledi.",
        "Mühendisler ahşap iskelenin sağlam olduğunu, ancak paslanmış cıvataların kıştan önce değiştirilmesi gerektiğini belirtti.",
        "Çalışmaların yaklaşık üç milyon liraya mal olacağı ve kırk kişiye iş sağlayacağı açıklandı.",
    ),
    "ru": (
        "Городской совет во вторник вечером решил вновь открыть старую паромную переправу, закрытую одиннадцать лет назад.",
        "«Мы ждали достаточно долго», — сказала Марфа Кольцова, которая держит небольшую пекарню у причала.",
        "По словам инженеров, деревянный причал ещё крепок, но ржавые болты придётся заменить до наступления зимы.",
        "Работы обойдутся примерно в три миллиона рублей, треть этой суммы обещала выделить область.",
    ),
    "uk": (
        "Міська рада у вівторок увечері вирішила знову відкрити стару поромну переправу, закриту одинадцять років тому.",
        "Пекарка Ярина Калинчук розповіла, що без порома втратила половину покупців і сподівається на їхнє повернення навесні.",
        "Інженери вважають, що дерев’яний причал ще міцний, проте іржаві болти доведеться замінити до зими.",
    ),
    "el": (
        "Το δημοτικό συμβούλιο αποφάσισε το βράδυ της Τρίτης να ανοίξει ξανά το παλιό λιμάνι, που έμενε κλειστό επί έντεκα χρόνια.",
        "Η φουρνάρισσα Μελίνα Καραβά είπε ότι οι πελάτες της έρχονταν πάντα με το καράβι και ότι ελπίζει να τους ξαναδεί την άνοιξη.",
        "Οι μηχανικοί βρήκαν γερή την ξύλινη αποβάθρα, ζήτησαν όμως να αλλάξουν οι σκουριασμένες βίδες πριν από τον χειμώνα.",
    ),
    "ar": (
        "قرر مجلس المدينة مساء الثلاثاء إعادة فتح خط العبّارات القديم، منهيا خلافا قسم البلدة نحو أحد عشر عاما.",
        "وقالت الخبازة مريم الساحلي إن زبائنها كانوا يأتون بالقوارب دائما، وإنها تأمل في عودتهم مع حلول الربيع.",
        "ووجد المهندسون أن الرصيف الخشبي ما زال متينا، لكن البراغي الصدئة يجب أن تُستبدل قبل الشتاء.",
    ),
    "fa": (
        "شورای شهر سه‌شنبه شب تصمیم گرفت خط قدیمی کشتی را که یازده سال بسته بود، دوباره راه‌اندازی کند.",
        "مریم ساحلی، نانوای نزدیک اسکله، می‌گوید مشتری‌هایش همیشه با قایق می‌آمدند و امیدوار است بهار برگردند.",
        "مهندس‌ها اسکلهٔ چوبی را هنوز محکم می‌دانند، ولی پیچ‌های زنگ‌زده باید پیش از زمستان عوض شوند.",
    ),
    "he": (
        "מועצת העיר החליטה ביום שלישי בערב לפתוח מחדש את קו המעבורת הישן, שהיה סגור במשך אחת עשרה שנים.",
        "האופה מרים חופית סיפרה שלקוחותיה תמיד הגיעו בסירות, ושהיא מקווה לראותם שוב באביב.",
        "המהנדסים מצאו שהרציף יציב, אך דרשו להחליף את הברגים החלודים לפני החורף.",
    ),
    "hi": (
        "नगर परिषद ने मंगलवार की शाम पुराने घाट को फिर से खोलने का निर्णय लिया, जो ग्यारह वर्षों से बंद पड़ा था।",
        "घाट के पास बेकरी चलाने वाली मीरा काशीकर ने कहा कि उनके ग्राहक हमेशा नाव से आते थे और वे वसंत में उनके लौटने की आशा करती हैं।",
        "अभियंताओं के अनुसार लकड़ी का मंच अब भी मज़बूत है, पर जंग लगे पेंच सर्दियों से पहले बदलने होंगे।",
    ),
    "bn": (
        "নগর পরিষদ মঙ্গলবার সন্ধ্যায় পুরনো ফেরিঘাট আবার চালু করার সিদ্ধান্ত নিয়েছে, যা এগারো বছর ধরে বন্ধ ছিল।",
        "ঘাটের কাছে রুটির দোকান চালান মীনা সাহানি; তিনি বলেন, তাঁর ক্রেতারা সব সময় নৌকায় আসতেন।",
        "প্রকৌশলীরা জানান, কাঠের ঘাট এখনও মজবুত, তবে মরিচা ধরা নাটগুলো শীতের আগেই বদলাতে হবে।",
    ),
    "ja": (
        "市議会は火曜日の夜、十一年前から閉ざされていた古い渡し船の航路を再開することを決めた。",
        "桟橋の近くでパン屋を営む木島まりさんは「お客さんはいつも船で来てくれた。春にはまた会えると思う」と話した。",
        "技術者によると、木の桟橋はまだ丈夫だが、さびたボルトは冬が来る前に取り替える必要があるという。",
    ),
    "zh": (
        "市议会星期二晚上决定重新开放关闭了十一年的旧渡口，结束了一场让全镇分成两派的争论。",
        "在码头旁开面包店的柯玛丽说：“我的顾客一直是坐船来的，我希望春天能再见到他们。”",
        "工程师认为木制栈桥仍然坚固，但是生锈的螺栓必须在冬天到来之前全部更换。",
    ),
    "ko": (
        "시의회는 화요일 저녁 십일 년 동안 닫혀 있던 옛 나루터를 다시 열기로 결정했다.",
        "부두 옆에서 빵집을 하는 고마리 씨는 손님들이 늘 배를 타고 왔다며 봄에 다시 만나기를 바란다고 말했다.",
        "기술자들은 나무 선착장이 아직 튼튼하지만 녹슨 나사는 겨울이 오기 전에 바꾸어야 한다고 설명했다.",
    ),
    "vi": (
        "Tối thứ Ba, hội đồng thành phố quyết định mở lại bến phà cũ đã đóng cửa suốt mười một năm.",
        "Bà Lệ Quyên, chủ một tiệm bánh gần bến, nói rằng khách của bà xưa nay vẫn đến bằng thuyền và bà mong gặp lại họ vào mùa xuân.",
        "Các kỹ sư cho biết cầu gỗ vẫn còn chắc, nhưng những con ốc gỉ phải được thay trước mùa đông.",
    ),
    "id": (
        "Dewan kota pada Selasa malam memutuskan untuk membuka kembali dermaga lama yang ditutup selama sebelas tahun.",
        "Pemilik toko roti Sri Melani mengatakan para pelanggannya selalu datang dengan perahu dan ia berharap mereka kembali.",
        "Para insinyur menyatakan dermaga kayu itu masih kuat, tetapi baut yang berkarat harus segera diganti.",
    ),
    "sw": (
        "Baraza la mji liliamua Jumanne jioni kufungua tena kivuko cha zamani kilichofungwa kwa miaka kumi na moja.",
        "Mwokaji mikate Amina Pwani alisema wateja wake walikuja kwa mashua siku zote, na anatumaini watarudi.",
        "Wahandisi walisema gati la mbao bado ni imara, lakini bolti zenye kutu zinapaswa kubadilishwa haraka.",
    ),
}

# Single clean texts that careless character work breaks.
DELICATE: tuple[str, ...] = (
    "می‌خواهم کتاب‌هایم را به کتاب‌خانه ببرم.",  # Persian: zero-width non-joiners belong to the spelling
    "نمی‌دانیم خانه‌های کناره کی ساخته می‌شوند.",
    "ශ්‍රී ලංකාවේ වරාය යළි විවෘත කෙරේ.",  # Sinhala: zero-width joiners make the ligatures
    "ന്‍റെ വള്ളം കടവിൽ എത്തി, അവന്‍ വന്നു.",  # Malayalam: old chillu letters are written with a joiner
    "क्‍षमा की चिट्ठी घाट पर मिली।",  # Devanagari: a joiner keeps the half form
    "র‍্যাব নয়, র‍্যালি হবে নদীর ঘাটে।",  # Bengali: ra + joiner + ya-phala
    "ಅರ್ಕಾವತಿ ನದಿಯ ದಡದಲ್ಲಿ ಸಂತೆ ನಡೆಯಿತು.",
    "தமிழ் மீனவர்கள் காலையில் கரை திரும்பினர்.",
    "వంతెన మీద వందలాది మంది నిలబడ్డారు.",
    "ชาวประมงกลับเข้าฝั่งตอนเช้าพร้อมปลาเต็มลำเรือ",  # Thai: no spaces between words
    "ភ្នំពេញ គឺជាទីក្រុងដ៏ធំមួយ។",
    "የከተማው ምክር ቤት አሮጌውን ወደብ ለመክፈት ወሰነ።",
    "Crew 👩‍🚀👨🏽‍🚒 and family 👨‍👩‍👧‍👦 met at the pier under the 🏳️‍🌈 flag.",  # joiners and selectors make one emoji
    "The keys 1️⃣ and #️⃣ and the flags 🇫🇮 🇺🇾 stay whole, and so does ❤️ with its selector.",
    "番号はＡＢＣ１２３です。",  # fullwidth letters and digits as typeset
    "価格は１，２００円（税込み）。",
    "「第一章　はじめに」という題の本が出た。",  # the ideographic space is one character, by design
    "他说：“渡口明天开放！”，大家都笑了。",
    "臺灣的渡輪每天早上六點出發。",
    "“Don’t,” she said – ‘not yet’ – and closed the door…",
    "„Noch nicht“, sagte er, »vielleicht morgen«.",
    "Het schip ’s nachts op zee; ’t was koud.",
    "L’été, à Sète, on n’entend que l’œuvre des cigales.",
    "Què vol dir «col·laborar» a Sant Cel·loni?",
    "Þetta er gömul ferja, sögðu Íslendingarnir.",
    "Ọmọ náà lọ sí ọjà ní òwúrọ̀.",  # Yoruba: marks that have no composed letter
    "Łódź, Gdańsk i Świnoujście leżą daleko od siebie.",
    "Ħal Għargħur hija raħal żgħir.",
    "İzmir’den Iğdır’a giden yol uzundur.",  # dotted and dotless i
    "The formula is 3 × 10⁸ m/s ± 0.5 %, at −4 °C.",
    "Write to Åsa @ the pier & bring 5 kg of <fresh> bread, i.e. rolls.",
    "The co-operative’s re-election – a 5–4 vote – took 20 minutes.",
    "हिन्दी में विराम चिह्न । और ॥ होते हैं।",
    "א׳ וב׳ הם אותיות; צה״ל הוא ראשי תיבות.",
)
