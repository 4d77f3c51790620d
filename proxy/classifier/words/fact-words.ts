/**
 * Words of labels and descriptions by the kind of fact they state, in the folded, unstemmed form of a token. Two neighbouring
 * codes whose labels differ in words of one kind are parted by that kind of fact.
 */
import { MATERIAL_WORDS } from './material-words.ts'

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(/\s+/u).filter(Boolean))
}

export const FACT_WORDS = {
  material: new Set([
    ...MATERIAL_WORDS,
    ...words(`
      plastics metals fibers fibres synthetics man-made manmade textiles furskin hide hides leathers vegetable animal mineral
      precious base nonferrous alloys bovine ovine softwood hardwood tropical coniferous elastomer vulcanised vulcanized horn ivory
      furskins bone shell feather feathers down coir sisal regenerated cellulose ceramics gypsum cement basketware
    `),
  ]),
  gender: words(`
    men mens man male boy boys women womens woman female girl girls ladies unisex child children kids baby babies infant infants adult adults
  `),
  construction: words(`
    knitted knit crocheted crochet woven nonwoven tufted knotted felted pile terry embroidered quilted laminated coated plated clad
    forged cast rolled drawn extruded welded seamless riveted moulded molded upholstered inflatable bleached unbleached dyed printed
    carded combed single multiple folded cabled twill plain corrugated perforated galvanised galvanized painted varnished assembled
    unassembled framed unframed mechanical automatic electric electronic nonelectric manual
  `),
  state: words(`
    fresh chilled frozen dried dry salted smoked live cooked raw prepared preserved canned ground crushed powdered powder roasted
    unroasted refined crude virgin liquid solid shelled unshelled husked sliced whole fillets boneless sweetened unsweetened
    fermented unfermented instant brined brine pickled used new retreaded waste scrap unworked worked polished rough unwrought
    decaffeinated semi finished unfinished concentrated
  `),
  'part-of': words('part parts accessories components spares blanks'),
  size: words(`
    over under up above below less least exceeding larger smaller large small mini heavy light kg g l litre litres liter liters ml w kw
    kva v mm cm m cm3 cc tonnes t inch wide width thick thickness long length diameter denier decitex dtex weighing weight capacity
    power output
  `),
  use: words(`
    household domestic kitchen table toilet industrial agricultural medical surgical veterinary vehicles vehicle motor aircraft
    ships boats railway bicycles motorcycles office school sports outdoor indoor garden bedding seed sowing feeding retail wholesale
    gaming printing sewing packing building construction furniture footwear clothing laboratory
  `),
} as const
