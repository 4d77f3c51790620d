import type { Words } from '../words.ts'

export interface PictureWords {
  purpose: string
  choose: string
  another: string
  drop: string
  or: string
  address: string
  addressHint: string
  addressWrong: string
  preview: string
  chosen: (name: string, size: string) => string
  lookUp: string
  looking: string
  cost: string
  none: string
  results: string
  similar: (percent: string) => string
  noSimilarity: string
  use: string
  useFor: (category: string) => string
  useHint: string
  inserted: (category: string, address: string) => string
  /** An upstream's edition begins with its name. */
  source: (edition: string) => string
  guess: string
  points: (points: string) => string
}

export const PICTURE_WORDS: Words<PictureWords> = {
  en: {
    purpose: 'Shows what kind of goods a picture looks like, to find words for a description.',
    choose: 'Choose a picture',
    another: 'Choose another',
    drop: 'Or paste one, or drop it here. JPEG, PNG, GIF, WebP or BMP, up to 8 MB.',
    or: 'Or by its address',
    address: 'Address of a picture',
    addressHint: 'A public https address. The proxy fetches it; it is not shown here.',
    addressWrong: 'An address begins with https:// and has no spaces.',
    preview: 'The chosen picture',
    chosen: (name, size) => `${name}, ${size}`,
    lookUp: 'Look up',
    looking: 'Looking…',
    cost: 'Costs 1 point; nothing where the same picture was looked up before. The picture goes to an outside service.',
    none: 'Nothing like it was found.',
    results: 'It looks like',
    similar: (percent) => `${percent} alike`,
    noSimilarity: 'likeness not known',
    use: 'Use as description',
    useFor: (category) => `Use as description: ${category}`,
    useHint: 'Puts the kind of goods into the active cell, in place of what is there.',
    inserted: (category, address) => `“${category}” is in ${address} now.`,
    source: (edition) => `Source: ${edition}.`,
    guess: 'A guess from a picture: check it before you classify.',
    points: (points) => `Points taken: ${points}.`,
  },
  zh: {
    purpose: '识别图片中的商品类别，帮助您写出商品描述。',
    choose: '选择图片',
    another: '换一张',
    drop: '也可粘贴或拖放到此处。JPEG、PNG、GIF、WebP 或 BMP，最大 8 MB。',
    or: '或使用图片地址',
    address: '图片地址',
    addressHint: '公开的 https 地址。由代理获取，此处不显示。',
    addressWrong: '地址须以 https:// 开头，且不含空格。',
    preview: '所选图片',
    chosen: (name, size) => `${name}，${size}`,
    lookUp: '查询',
    looking: '正在查询…',
    cost: '消耗 1 点；查过的同一图片不再扣点。图片会发送到外部服务。',
    none: '未找到类似商品。',
    results: '看起来像',
    similar: (percent) => `相似度 ${percent}`,
    noSimilarity: '相似度未知',
    use: '用作描述',
    useFor: (category) => `用作描述：${category}`,
    useHint: '把品类写入活动单元格，替换其中的内容。',
    inserted: (category, address) => `“${category}”已写入 ${address}。`,
    source: (edition) => `来源：${edition}。`,
    guess: '这是根据图片的推测：归类前请核对。',
    points: (points) => `已用 ${points} 点。`,
  },
  fr: {
    purpose: 'Indique à quel genre de marchandise ressemble une image, pour trouver les mots d’une description.',
    choose: 'Choisir une image',
    another: 'En choisir une autre',
    drop: 'Ou collez-la, ou déposez-la ici. JPEG, PNG, GIF, WebP ou BMP, 8 Mo au plus.',
    or: 'Ou par son adresse',
    address: 'Adresse d’une image',
    addressHint: 'Une adresse https publique. Le proxy va la chercher ; elle n’est pas affichée ici.',
    addressWrong: 'Une adresse commence par https:// et ne contient pas d’espace.',
    preview: 'L’image choisie',
    chosen: (name, size) => `${name}, ${size}`,
    lookUp: 'Rechercher',
    looking: 'Recherche…',
    cost: 'Coûte 1 point ; rien si la même image a déjà été recherchée. L’image est envoyée à un service externe.',
    none: 'Rien de semblable n’a été trouvé.',
    results: 'Cela ressemble à',
    similar: (percent) => `ressemblance ${percent}`,
    noSimilarity: 'ressemblance inconnue',
    use: 'Prendre comme description',
    useFor: (category) => `Prendre comme description : ${category}`,
    useHint: 'Met le genre de marchandise dans la cellule active, à la place de son contenu.',
    inserted: (category, address) => `« ${category} » est maintenant en ${address}.`,
    source: (edition) => `Source : ${edition}.`,
    guess: 'Une supposition d’après une image : vérifiez avant de classer.',
    points: (points) => `Points pris : ${points}.`,
  },
}
