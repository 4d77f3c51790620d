/**
 * Words of titles that do not say what the goods are. Stop and praise words are left out of the text altogether; colours, sizes
 * and manners say little (but "black pepper" and "baby oil" are goods), so they count as words and are never taken for the noun.
 */

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(/\s+/u).filter(Boolean))
}

/** Joining words, English and French. */
export const STOP_WORDS = words(`
  a an the and or nor of to in on at by from as is are be been it its this that these those your you our my we i s
  if so than then into onto per via each every all any both more most some such etc only also plus other others autre autres
  la le les l d du des et ou un une au aux dans sur par ses son leur leurs ce cette qui y compris meme memes
`)

/** Between the goods and what they are of: "shirt of cotton", "chemise en coton". */
export const OF_WORDS = words('of de en')

/** After these comes what the goods are for. */
export const FOR_WORDS = words('for pour fits compatible')

/** After these comes a part or an ingredient, not the goods. */
export const WITH_WORDS = words('with w avec including includes incl featuring')

/** After these comes what the goods are not. */
export const WITHOUT_WORDS = words('without not than except excluding non sans sauf hors que')

/** Praise, shop talk and counting: they stand in the title of anything. */
export const PRAISE_WORDS = words(`
  new newest latest hot sale sales selling seller bestseller best better top great good nice perfect lovely beautiful
  trendy trend stylish elegant luxury luxurious deluxe premium quality hq grade famous original genuine authentic oem
  brand branded brandless generic shipping ship ships fast delivery dropship dropshipping wholesale retail cheap discount offer
  deal clearance promo promotion bargain stock instock arrival arrivals ideal amazing super ultra pro max mega extra
  professional official upgraded upgrade improved pcs pc pce pces pck qty quantity lots ea each nos no x
  uk us usa eu cn chinese made imported import export item items product products article articles sku kind kinds version ver ref
  color colors colour colours colored coloured size sizes sized
`)

export const COLOUR_WORDS = words(`
  black white red blue green yellow pink purple brown gray grey beige navy khaki golden teal burgundy maroon lilac cyan magenta
  nude tan multicolor multicolour multicolored multicoloured rainbow transparent clear dark pastel matte matt glossy shiny
  colorful colourful noir blanc rouge bleu vert jaune gris
`)

/** Colours of a title, but goods where they stand alone. */
export const COLOURS_THAT_ARE_GOODS = words(`
  orange rose cream ivory silver gold olive lavender violet coral mint peach turquoise neon light
`)

export const SIZE_WORDS = words(`
  xs s m l xl xxl xxxl 2xl 3xl 4xl 5xl small medium large big mini micro tiny little long short tall wide narrow thick thin huge
  giant jumbo king queen twin full double single oversized oversize plus slim petite one half inch inches
  adjustable foldable folding portable compact lightweight heavy duty
`)

/** How goods are, look and behave, and when they are used: true of anything, and often last in a title. */
export const MANNER_WORDS = words(`
  fresh frozen chilled dried smoked salted cooked raw peeled sliced chopped crushed roasted pickled canned prepared preserved edible
  knitted woven crocheted embroidered quilted lined unlined coated painted unpainted polished assembled unassembled
  medical surgical dental veterinary industrial agricultural military commercial domestic household mechanical hydraulic pneumatic
  frais fraiche frais congele congelee congeles congelees seche seches sechee sechees tricote tisse
  casual formal party wedding summer winter spring autumn fall christmas xmas halloween easter birthday valentine holiday
  outdoor indoor outdoors home house kitchen bathroom bedroom office school travel camping daily everyday
  soft hard warm cool comfortable comfy breathable waterproof water-resistant windproof durable strong sturdy reusable disposable
  washable non-slip nonslip anti-slip antislip anti quick easy handmade hand natural organic eco friendly eco-friendly
  loose baggy tight stretchy elastic sleeve sleeveless crew round neck v-neck floral flower print printed printing pattern striped
  solid plain graphic cartoon anime kawaii funny novelty streetwear boho gothic punk korean japanese european
  wear clothing outfit look design designs designed decor decoration decorative use using used
  women woman men man boys boy girls girl kids kid child children baby babies infant toddler unisex adult adults ladies mens womens
  male female teen teens youth student students
  electric electronic electrical automatic manual digital wireless smart rechargeable battery powered usb
  set sets pack packs pair pairs kit kits box boxed bundle piece pieces lot unit units count ct
  gift gifts present free vintage classic retro modern fashion fashionable style styles unique special exclusive limited edition popular
  universal multi multipurpose multifunction multifunctional customized customised custom personalized personalised creative cute
  random assorted various variety mixed mix different several many multiple type types model series
`)

/** The goods come after "of": "box of chocolates", "pair of shoes". */
export const CONTAINER_WORDS = words(`
  set sets pack packs packet packets pair pairs kit box boxes bottle bottles bag bags lot case jar jars can cans tin tins tube tubes
  roll rolls piece pieces bundle collection assortment bunch carton cartons pallet sachet tub dozen bar sheet sheets block bulk
  paire paires lots boite boites sac sacs
`)

/** Units after a number; the number itself says little, that there is one says liquid, cable, lamp, food. */
export const UNIT_WORDS = words(`
  mm cm m km in inch inches ft foot feet yd yard yards meter meters metre metres g gr gm gram grams kg kgs kilo mg mcg ug oz lb lbs t
  ml cl dl l lt ltr litre litres liter liters gal gallon fl floz cc cm3 m3 v volt volts kv w watt watts kw kwh kva mah ah a amp amps
  ma hz khz mhz ghz gb tb mb rpm psi bar hp k lm lumen lumens gsm dtex denier den dpi mp px p ch way ply pin port ports seater
  person years year yrs yr months month weeks days hours hrs min c f deg degree percent tabs caps capsules tablets
`)
