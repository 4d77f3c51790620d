/**
 * One form for the spellings of an English word: plural, -ing, -ed, British and American.
 * It need not be a word, only the same for all of them; French plurals fall out of the same rules.
 */

// Goods named by what looks like an ending: cut, they would be other goods.
const KEPT = new Set(
  (
    'bearing bedding ceiling clothing coating cupping dressing earring fishing herring legging ' +
    'painting railing sterling stocking watering'
  ).split(' '),
)

const IRREGULAR = new Map(
  Object.entries({
    // Persons, as tariffs part them.
    man: 'men',
    mens: 'men',
    male: 'men',
    males: 'men',
    gents: 'men',
    gent: 'men',
    gentlemen: 'men',
    woman: 'women',
    womens: 'women',
    lady: 'women',
    ladies: 'women',
    ladys: 'women',
    female: 'women',
    females: 'women',
    homme: 'men',
    hommes: 'men',
    femme: 'women',
    femmes: 'women',
    kids: 'child',
    kid: 'child',
    kiddies: 'child',
    children: 'child',
    childrens: 'child',
    childs: 'child',
    infant: 'baby',
    infants: 'baby',
    newborn: 'baby',
    toddler: 'baby',
    toddlers: 'baby',
    babys: 'baby',
    coated: 'coating',
    // Plurals no rule makes.
    knives: 'knife',
    wives: 'wife',
    lives: 'life',
    leaves: 'leaf',
    loaves: 'loaf',
    halves: 'half',
    shelves: 'shelf',
    calves: 'calf',
    scarves: 'scarf',
    scarfs: 'scarf',
    wolves: 'wolf',
    teeth: 'tooth',
    feet: 'foot',
    mice: 'mouse',
    geese: 'goose',
    dice: 'die',
    batteries: 'battery',
    cookies: 'cookie',
    movies: 'movie',
    brownies: 'brownie',
    selfies: 'selfie',
    hoodies: 'hoodie',
    beanies: 'beanie',
    ties: 'tie',
    pies: 'pie',
    shoes: 'shoe',
    axes: 'axe',
    // British and American.
    aluminium: 'aluminum',
    jewellery: 'jewelry',
    pyjama: 'pajama',
    pyjamas: 'pajama',
    tyre: 'tire',
    tyres: 'tire',
    grey: 'gray',
    moustache: 'mustache',
    mould: 'mold',
    moulds: 'mold',
    moulding: 'mold',
    moulded: 'mold',
    plough: 'plow',
    ploughs: 'plow',
    sulphur: 'sulfur',
    sulphate: 'sulfate',
    sulphide: 'sulfide',
    sulphite: 'sulfite',
    sulphonate: 'sulfonate',
    sulphonic: 'sulfonic',
    sulphuric: 'sulfuric',
    yoghurt: 'yogurt',
    yoghurts: 'yogurt',
    yoghourt: 'yogurt',
    cheque: 'check',
    doughnut: 'donut',
    doughnuts: 'donut',
    whiskey: 'whisky',
    woollen: 'wool',
    woolen: 'wool',
    wooden: 'wood',
    golden: 'gold',
    knitwear: 'knit',
    lightbulb: 'bulb',
    catalogue: 'catalog',
    catalogues: 'catalog',
    cosy: 'cozy',
    draught: 'draft',
    carburettor: 'carburetor',
    fibre: 'fiber',
    fibres: 'fiber',
    litre: 'liter',
    litres: 'liter',
    metre: 'meter',
    metres: 'meter',
    theatre: 'theater',
    centre: 'center',
    caesium: 'cesium',
    maize: 'corn',
  }),
)

const VOWEL = /[aeiouy]/u
const DOUBLED = /([bdgmnprt])\1$/u

/** @param word lower case, without accents and apostrophes. */
export function stemOf(word: string): string {
  const regular = IRREGULAR.get(word) ?? (word.length < 4 ? word : singularOf(word))
  if (regular.length < 4 || KEPT.has(regular)) return regular
  return american(withoutEnding(IRREGULAR.get(regular) ?? regular))
}

function singularOf(word: string): string {
  if (word.endsWith('eaux')) return word.slice(0, -1)
  if (!word.endsWith('s') || /(?:ss|us|is)$/u.test(word)) return word
  if (word.endsWith('ies')) return word.length > 4 ? `${word.slice(0, -3)}y` : word.slice(0, -1)
  if (/(?:sses|shes|ches|xes|zzes)$/u.test(word)) return word.slice(0, -2)
  if (/(?:t|m|p)oes$/u.test(word)) return word.slice(0, -2)
  return word.slice(0, -1)
}

function withoutEnding(word: string): string {
  for (const ending of ['ing', 'ed']) {
    if (!word.endsWith(ending)) continue
    const rest = word.slice(0, -ending.length)
    if (rest.length < 4 || !VOWEL.test(rest) || rest.endsWith('e')) return word
    if (DOUBLED.test(rest)) return rest.slice(0, -1)
    return rest
  }
  // A silent e is dropped, so that "baking" and "bake" meet.
  return word.length > 4 && word.endsWith('e') && !word.endsWith('ee') ? word.slice(0, -1) : word
}

function american(word: string): string {
  return word.length > 4 && word.endsWith('our') ? `${word.slice(0, -3)}or` : word
}
