/* Made by scripts/train/common_words out of what the Voice of America put out from 2004 to 2010 (public domain): change
 * that, not this. */
#include "common.h"

/* clang-format off */
const struct common common_words[COMMON_CLASSES] = {
    {847,
     "says "
    },
    {542,
     "officials said "
    },
    {434,
     "country government killed new president year "
    },
    {347,
     "last people states united "
    },
    {278,
     "attacks called forces group military minister month report week "
    },
    {222,
     "authorities day friday including iraq leader least monday nations police saturday security sunday thursday "
     "tuesday wednesday world "
    },
    {178,
     "city elections first foreign international militants prime several troops "
    },
    {142,
     "afghanistan agency american area bomb capital continue earlier end expected following former four help iraqi "
     "meeting members million national near part plan province region released soldiers south southern suspected "
     "talks told violence wounded "
    },
    {114,
     "accused another arrested border bush charges china death economic efforts european fighting five held house "
     "insurgents iran israel issued late next north pakistan palestinian party political power program rebels recent "
     "remain rights spokesman statement support thousands town union visit work "
    },
    {91,
     "afghan aid allow announced army baghdad bank began british central chief claimed company concerns court demand "
     "died early economy found general head health hold human increase israeli later meanwhile ministry nearly "
     "northern nuclear number oil opened operations opposition organization peace percent place protests return "
     "russia second set show signed six terrorist time took top want washington weapons western "
    },
    {73,
     "african ago agreed agreement armed back believed blast came car caused civilians close coalition comes "
     "confirmed control council dead deal defense detained discuss east eastern energy high home islamic january "
     "leading local major march media men muslim need office officers ordered pakistani parliament past presidential "
     "prices provide public reporters ruling russian secretary service suicide take targeted trade trying urged used "
     "vote warned west workers "
    },
    {58,
     "across action activities administration aimed air alleged along approved around asked attempt billion bird "
     "blamed bodies britain building carrying center change chinese clear comments conflict december democratic "
     "department development eight failed fire fired flu france french gaza global gunmen hit hours hundreds "
     "incident india information involved iranian island key known korea launched law lawmakers leave led left "
     "living main man market measures met nato newspaper outside planned policy post quotes reached received "
     "rejected results scheduled seeking separate september seven stop taleban travel use victims voted way white "
    },
    {47,
     "africa ahead already appeared arab arrived august become begin beijing bomber bombings bring business campaign "
     "candidate captured carried case children civil clashes coast community conditions conference considered "
     "constitution crimes crisis criticized cut damage deadly decades decision denied despite develop dispute "
     "district eu europe explosion exports expressed faces facilities family february final financial food form free "
     "fuel fund germany good growth hospital independence indian injured intelligence investigation japan joined "
     "july june kidnapped kilometers land large largest latest linked london mahmoud making mark mission move "
     "neighboring november october offer parliamentary passed possible press prison prisoners problems process raid "
     "raised recently record reforms relations republic responsibility seized senior series shot small speaking "
     "start station strike strip supplies system taken taking team tehran television term territory tests third "
     "threat threatened today turkey vehicle venezuela virus voa water witnesses women won york "
    },
    {37,
     "accord act added address appeal april asia attend ban base based battle camp cases chavez citizens commander "
     "commission committee conducted congress cooperation corruption create cross current darfur declared declined "
     "democracy denies deputy destroyed details diplomats disease dollars dozens drug due egypt embassy emergency "
     "entered estimated even experts exploded face far federal fighters future gas gathered give go growing half "
     "hamas hand heavy hopes hurricane improve independent industry interview investigating investment john "
     "journalists judge justice lebanon level long majority middle missing money moved movement named nine occurred "
     "outbreak play pledged poll prevent production project promised prosecutors protesters published put reduce "
     "refused representatives residents resume roadside role run sanctions sector send sent served share site "
     "situation sources storm strain strong sudan suffered summit supporters suspended taliban terrorism ties times "
     "training trial trip turned venezuelan village went "
    },
    {30,
     "abbas abuse accounts activists affected aircraft ali allegations alliance allies almost ambassador america "
     "announcement asian assistance associated bill block boost broke burma cabinet casualties century challenges "
     "completed condemned convoy cost cuba currently decided delay described detention elected established ethnic "
     "event exchange explosives extended fall fear fell find fled gain german guards gulf helicopter homes hugo "
     "illegal immediately imposed indicate indonesia injuries interest interior jobs joint keep korean kurdish labor "
     "life limited looking lost mass massive medical mexico militia missile monitor moscow mostly natural "
     "negotiations network offensive operating opposed ousted patrol pay peaceful person plant points poor "
     "population position preparing present pressure private produce proposal proposed protect push questioned radio "
     "referendum regional relief religious replace request resolve response rice rival road rocket round rule school "
     "search seats see seen sentenced sides similar somalia special spending spread step streets sunni supreme syria "
     "tens toll total tried using vice win withdrawal woman "
    },
    {24,
     "abducted able abu accept access agriculture allegedly analysts annan annual assassination assembly atomic "
     "barrel begun behind board broadcast brought ceremony chairman colombia combat communist connection "
     "constitutional construction contact contract criminal criticism critics crowd custody defeated defend "
     "demonstrations demonstrators determine diplomatic direct director discovered document dropped earthquake "
     "egyptian elsewhere employees enough escaped evidence expand farm figures firm flooding fraud freed freedom "
     "front full gave gdp given giving governor granted ground hamid higher host hostages humanitarian hurt hussein "
     "identified immediate important imports insurgency interim involvement islamist jail japanese jewish kabul "
     "kandahar kashmir king lack lawyers lebanese legal less likely list loss lower maintain murder name nigeria "
     "night obama often olympic paul peacekeeping policemen politicians pope popular port previous probe progress "
     "provincial rains rally rate ready recovered removed required rescue resigned resolution resources responded "
     "responsible restore review rising saddam saudi sea secret senate separatist serious social somali soon "
     "southeast spain sparked speech spoke staged stand strengthen struck struggle sudanese syrian tax tensions "
     "terror tour tribal turkish ukraine uranium victory violent voters watch weather withdraw words worldwide "
    },
    {19,
     "accident additional advance affairs ahmadinejad airport ambushed amid anniversary approval arabia association "
     "attackers australia australian avoid ballots banned barack better blair boycott brazil break budget burned bus "
     "buy checkpoint christian church citing cleric collapse committed common condoleezza congo contain "
     "controversial convicted count counterpart coup cover crackdown crash crew crude cuban daily date debt "
     "delivered democrats deployed detonated devastated disaster dismissed displaced divided doctors domestic draft "
     "driver driving education effect electoral electricity encourage envoy executive extremists factions fatah "
     "field filed finance flights focus formally fourth games georgia great guilty haiti halt heavily helmand "
     "highest hope ii income indonesian infected infrastructure inside insists intended internet investigators "
     "islamabad italian italy karzai katrina kenya kofi largely legislation letter lifted little located low mainly "
     "marines match material means message mohammed morning mosque mosul musharraf nearby negotiators never "
     "northwest northwestern noted opponents paris passengers peacekeepers period personnel poultry poverty praised "
     "presence previously products promote pulled putin pyongyang rates reason recognize refugees regime remarks "
     "remote repeatedly republican reserves revenue riots rise risk river robert rose running safety sales "
     "scientists scored season sell senator separately settlement sharon ship shooting short shortly significant "
     "slow southeastern soviet space spanish spokeswoman sri stability staff stay stepped stopped students study "
     "technology thailand tony tourism tourists treated treatment treaty tribunal triggered troubled truck tsunami "
     "unemployment video violating vladimir vowed xinhua young "
    },
    {15,
     "abandon abroad adopted age agents agricultural amount apparently ariel assault average beat beginning beirut "
     "benefits best bilateral bin black blew boy brother buildings burmese cairo california canada canceled care "
     "catholic celebrate chemical clinton colombian consumer contributed cooperate critical cup currency deficit "
     "delegation delivery designed disrupt donors double drop enrichment ensure equipment erupted ethiopia exile "
     "experienced failure fair favor finished fishing flying focused genocide george girl goal greater grenade "
     "happened headquarters hearing hezbollah history holiday holy hong hotel huge implement industrial instead "
     "invasion investors islam jerusalem jordan jose kidnappers killings leadership liberation light line live "
     "manufacturing matter meetings mexican mining minority minutes mohammad necessary negotiate neighborhood nepal "
     "niger northeastern ocean old ongoing organized paid panel participate partner permanent pervez player plot "
     "poland positive postponed potential powerful presidency producer prompted protection pursue range real rebuild "
     "recession recovery red refugee related renewed repeated represent research resignation resort rest reuters san "
     "scene secure session severe sharply shut single sites southwestern spent standards status stock stronghold "
     "suggested surrounding survey taiwan tell texas throughout tokyo torture transport ukrainian unclear "
     "unidentified unless upcoming value view viktor violations voice weekly welcomed widespread wife winds winner "
     "worst worth yushchenko zone "
    },
    {12,
     "abdul abdullah accusations achieved acknowledged addition ahmed airstrikes appointed approach argentina "
     "assumed attention attorney attracted authorized autonomy award bay belonging bid biggest boat brief canadian "
     "caracas cast castro caught ceasefire cell champion chance chickens child cia climate command commercial "
     "commitment communications compared compete compound conservative coordinated credit damascus dangerous david "
     "deadline debate delhi denounced depends destruction device dialogue dictator differences difficult disarm "
     "discussions dominated draw dutch economists emerging engaged especially ethiopian evacuated existing expires "
     "father fifth film fiscal florida football foreigners formal forward fought fox friends fully funeral gang "
     "giant going gold guantanamo guerrillas hague haitian handling hard hariri heart hiding highly homeland honor "
     "hunt iaea illegally images impact indicted inflation influence initial initiative institutions internal jets "
     "khan kingdom kirkuk know kong laden lanka latin league leftist legislative lines loans longer maoist mayor "
     "membership meters michael mine moderate mogadishu mortar mount nationwide naval netherlands nigerian nothing "
     "observers occupied officially omar opinion opportunity orleans osama overall overnight pacific package "
     "particularly patients payments peninsula petroleum philippine phone pictures pipeline pleaded practice prayers "
     "predicted prominent purchase purposes quake quarter quickly race radical reconstruction referred registered "
     "relatives reportedly resistance respect restrictions retired revolutionary rock route safe saw scandal serb "
     "shell shelter shortages side singh smuggling soaring sold sought sovereignty speaker spying square stable star "
     "strategy stressed strongly surge surrender survived survivors sustained tamil temporarily thought tons "
     "tournament track transferred unity university unknown unrest valley vatican vessel vietnam waiting wall wars "
     "waziristan web widely winter "
    },
    {10,
     "active admitted advisor airlines alert amnesty angeles angered animal anyone argued assets aung available "
     "avian bad bangladesh barred benedict bloc blow bodyguards book bosnian brazilian briefly brigades built bureau "
     "capacity caribbean cash celebrations cents certain chad chancellor christmas coastal complained complaints "
     "computer concluded confidence congressional continent controlled croatia crops czech data deadliest deep "
     "demonstrated deployment detected different disappeared donald drove duties earth ease ecuador effective ehud "
     "eliminate enemy engineers england enjoy enriched entire environment environmental euro eve exercise factory "
     "farc farmers fate female fidel flee flow forecasters freeze frequent gasoline generate getting grand greek "
     "grew gun hassan hideout highway hu ibrahim identify imf immigrants immigration increasingly individuals "
     "informed introduced ivory jakarta jalal james jihad kenyan khartoum kurds laboratory lankan larger learned "
     "location luis magazine managed management meant mentioned mohamed monetary mother mountain mubarak musab music "
     "navy northeast norway numerous observed obtained olmert output owned paper paramilitary park pentagon peter "
     "photographs picked pirates plotting policeman pontiff profits prophet rafik ranks ransom reactor "
     "reconciliation recruiting reflect regarding restive restricted revolution richard risen roman rumsfeld sale "
     "secretly sectarian seriously settled settlers shops shown slightly smaller snow soil split sports stalled "
     "store story strategic stronger subject summer surveillance suspicion sweden talabani tanks telephone tennis "
     "thanked think threw tiger title traditional trafficking transfer tropical truce undermine uprising various "
     "videotape vienna villagers walked wave weakened william willing winning withdrew zimbabwe "
    },
    {8,
     "abduction ability aboard advocates agenda ahmad aide alexander amendment angry apparent appearance article "
     "assist assistant atlantic austria bail basic basis basra big blood bolivia born broken brussels buried cancer "
     "career cargo carlos cartoons championships channel chanted charity charter check cheney chile choose class "
     "clean climbed closely closer collected colonel colony combined commerce commissioner competition complex "
     "confirmation contractors contributions corporation counter crack creation curb customs cutting danger danish "
     "daughter defendants delegates delta dependent dick directly discovery dismantle distribution division doubt "
     "drinking driven drought dumped earned earnings easily eating electronic empire endorsed english entry "
     "escalating eventually executed expansion external fallen fallujah fast features federation filled frequently "
     "fresh game geneva georgian ghraib gone governing grave gunbattle gunfire hampered harm havana heard highlight "
     "hijacked hiv homeless hosni hospitalized hostile humanity hunger husband identity ignored illness incentives "
     "index industrialized infection initially inspectors installed institute insurance intention invest invited "
     "ismail jacques jintao joseph jumped karachi kathmandu kazakhstan kept kidnappings kiev kim kosovo kurdistan "
     "kuwait kyi lay lieutenant magnitude mainland malaysia manmohan migrants mikhail monarchy morales morocco "
     "mountainous muhammad nasa nationalities native newly nobel nominated nomination nouri offshore opec options "
     "organizers originally overseas overthrow owner packed pact partnership performance performing permit personal "
     "peru piece plagued plunged polish politics poorest portion posed possibility preliminary primary priority "
     "prize probably procedure prosecution prove pullout punish quit ramadi rangoon rare read recommended reduction "
     "refineries regulations relationship relatively rely reopen repair replied rescuers researchers revealed "
     "reverse revive rich ripped rodriguez rome roughly royal runoff rushed samples satellite save scale section "
     "selected seoul serbia serbian sergei setting sharp singapore singer slaughtered slogans socialist society "
     "solution sound southwest specific stabilize stem straight strength subway successful surface surgery surprise "
     "suspension suu swept swiss switzerland tape teachers televised temperatures temporary thai tibet tibetan tight "
     "toppled traffic transition transitional transportation trapped treasury twice uganda ugandan uk underground "
     "understanding unharmed upper uruzgan usually van volatile waging wake warming warrant waves wearing website "
     "wing yanukovych youth zealand "
    },
    {6,
     "aceh advantage afp afternoon albanian alive allawi allied alone alternative alvaro always ambitions angela "
     "ankara annually answer apartment apply aristide armored arrival artillery assailants assassinated assess "
     "assured ayatollah aziz balance baluchistan baquba bashar belgium berlin birth blockade bloody boom bosnia "
     "breakaway bridge broad brokered buddhist busy calm capita cartel chaos charles chilean chirac choice "
     "christopher closure clothing club coal coincide cold colleagues completely comprehensive congolese connected "
     "conspiracy consulate contested couple course crucial crush culture curfew cyprus dates declaration decreased "
     "denmark deposed derail desire deteriorating disperse display dissidents dissolved distributing donated "
     "downturn drew drilling drone easing editor elders eligible embargo employment enclave equal erdogan examine "
     "execution explain exporter extensive extradited extradition extremely factor false fatalities fellow fence "
     "festival fierce finally findings finland fixed flag flawed flew forum foundation fugitive gap generally goes "
     "greece green gyanendra hailed hall hanging heat hill historic hopeful hundred ice idea impoverished imprisoned "
     "influential inquiry inspection instability intense interfering irregularities items jordanian khatami khost "
     "koizumi kremlin kunar kyrgyzstan landslide language lawsuit legislators legislature liberties libya license "
     "lion loaded loyal maker mandate manuel map martyrs massacre mccain mediators medicine memorial merger merkel "
     "miners minor mistake mixed mobile moment moroccan motivated motorcycle mourning movie mudslides mullah museum "
     "nairobi narrow net nominee none normal norwegian object occupation offenses outgoing overseeing pandemic "
     "parade parents participation path penalty permission persian petition phase photos pilgrims pilot pkk poisoned "
     "politically possibly pound powell pray preparations primarily prior proceedings professional property "
     "prospects provisions publicly putting ramallah ran rape rapidly raul recep recommendations refer regular "
     "renounce restaurant restructuring retain retirement rifles rigged room root rulers rural rwanda rwandan "
     "salvador sarkozy schroeder science scott sealed seed seizure sensitive seventh sheikh shipping shootout "
     "sidelines sixth size slowly soccer solidarity sometimes speculation speed spill sponsored squad stadium "
     "standoff stones string stroke structure submitted subsequent subsidies subsistence substantial suburb succeed "
     "succeeded success successfully successor sure swat swedish sweep sworn tanker task tayyip technical teenager "
     "telecommunications territorial things thomas tighten torch transit tunnel tv unable uncovered uniforms unnamed "
     "unveiled uribe uzbekistan vaccine vast vicente visitors vulnerable warplanes weak wealth weekend wide wild "
     "windows withdrawn worried worries writing written wrong yemen yugoslav yukos zabul "
    },
    {5,
     "administered administrative adults aggressive airliner ammunition anbar andres apologized appointment asylum "
     "atrocities attached attributed audience awaiting ayman balkan bar barrier belarus beyond bolivian bolster "
     "bought branch brown capabilities catch centimeters chen citizenship client cnn college colombo compensation "
     "comply compromise concert congressman consequences correspondent costa croatian culled deeply designated "
     "difficulties disarmament dog donations elaborate enacted enforcement exploration extension extra faith famous "
     "feed feeling finalized fines fleet formation formerly frontier gates gazprom gerhard ghazni grown gunned harsh "
     "haven hearings hillary himalayan hitting implicated importance improvement inadequate indictment inmates "
     "innocent integration interrogation intervene isolated iyad jack jews journal junichiro junta kashmiri kind "
     "latvia leg liberia longtime louisiana machine madrid mali martin medal medvedev modern motion motors mugabe "
     "multiple mumbai municipal nationalist nature nicaragua nicolas occasion outlawed outlined overwhelming "
     "overwhelmingly plea portugal possession prince principle privatization quotas rallied ramadan ranch rapid "
     "rebounded recalled recognition refusal religion remittances residence retaliation reward riding ring rubble "
     "saint sexual shift shipments shocked signal significantly skills slowdown song spot stranded subsequently tear "
     "tents tied tikrit tom tough tradition trust unacceptable underway underwent uzbek veteran warlords wishing "
     "wrote "
    },
};
/* clang-format on */
