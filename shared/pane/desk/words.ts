import type { Words } from '../words.ts'
import type { DraftField } from './expert-draft.ts'
import type { DeskField } from './threads.ts'

export interface DeskWords {
  purpose: string
  ask: string
  empty: string
  back: string
  open: (product: string) => string
  read: string
  status: Record<'created' | 'open' | 'concluded' | 'unconfirmed' | 'unknown', string>
  unconfirmedText: string
  form: (id: string) => string
  created: (at: string) => string
  code: string
  reason: string
  source: string
  noReason: string
  threads: string
  noThreads: string
  answer: (field: string) => string
  askAbout: string
  about: string
  message: string
  send: string
  sendHint: string
  sent: string
  fields: Record<DraftField, string>
  deskFields: Record<DeskField, string>
  nameHint: string
  pictures: string
  picturesHint: string
  addPicture: string
  remove: (name: string) => string
  confirm: string
  submit: string
  submitting: string
  cost: string
  made: (form: string) => string
  madePictures: (count: string) => string
  loading: string
  reload: string
}

export const DESK_WORDS: Words<DeskWords> = {
  en: {
    purpose: 'Customs experts classify a product by hand, and ask back where something is missing.',
    ask: 'Ask the experts',
    empty: 'No consultation yet. Ask about a product that is costly to get wrong.',
    back: 'All consultations',
    open: (product) => `Open ${product}`,
    read: 'Open',
    status: {
      created: 'waiting for an expert',
      open: 'in work',
      concluded: 'concluded',
      unconfirmed: 'not confirmed',
      unknown: 'state not known just now',
    },
    unconfirmedText:
      'The desk did not reply when this was sent, and may have it all the same. Look again later before you send it a second time.',
    form: (id) => `Form ${id}`,
    created: (at) => `Sent ${at}`,
    code: 'Code',
    reason: 'Reason',
    source: 'Decided by an expert of the desk',
    noReason: 'none given',
    threads: 'Questions and answers',
    noThreads: 'The experts have asked nothing so far.',
    answer: (field) => `Your answer about ${field}`,
    askAbout: 'Write to the experts',
    about: 'About',
    message: 'Message',
    send: 'Send in my name',
    sendHint: 'The experts see it as written by you. It cannot be taken back.',
    sent: 'Sent.',
    fields: {
      productNameCn: 'Product name in Chinese',
      productNameEn: 'Product name in English',
      uses: 'What it is used for',
      ingredients: 'Material or ingredients',
      cas: 'CAS number',
      brand: 'Brand',
      model: 'Model',
      otherProductInfo: 'Anything else',
    },
    deskFields: {
      ProductNameCn: 'the Chinese name',
      ProductNameEn: 'the English name',
      Uses: 'its use',
      Ingredients: 'its material',
      Cas: 'the CAS number',
      Brand: 'the brand',
      Model: 'the model',
      OtherProductInfo: 'anything else',
    },
    nameHint: 'The experts work in Chinese; without it they take no form.',
    pictures: 'Pictures',
    picturesHint: 'Up to 3; JPEG, PNG, GIF or WebP, 1 MB each. You can paste them, or drop them here.',
    addPicture: 'Add a picture',
    remove: (name) => `Remove ${name}`,
    confirm:
      'I want this sent in my name. I know that its pictures get public addresses that anybody can open, and that it cannot be taken back.',
    submit: 'Send to the experts',
    submitting: 'Sending…',
    cost: 'It takes no points. The desk takes only a few forms a day from each account.',
    made: (form) => `Sent as form ${form}. An expert’s code can be read in a cell with =HSEXPERT("${form}","code").`,
    madePictures: (count) => `Public pictures: ${count}.`,
    loading: 'Loading…',
    reload: 'Look again',
  },
  zh: {
    purpose: '由归类专家人工归类；信息不足时专家会向您提问。',
    ask: '咨询专家',
    empty: '暂无咨询单。对归错代价高的商品，可请专家判断。',
    back: '全部咨询单',
    open: (product) => `打开 ${product}`,
    read: '打开',
    status: {
      created: '等待专家受理',
      open: '处理中',
      concluded: '已有结论',
      unconfirmed: '未确认',
      unknown: '暂时无法获知状态',
    },
    unconfirmedText: '提交时专家台未答复，但可能已收到。再次提交前请稍后查看。',
    form: (id) => `表单 ${id}`,
    created: (at) => `提交于 ${at}`,
    code: '编码',
    reason: '理由',
    source: '由专家台专家判定',
    noReason: '未说明',
    threads: '问答',
    noThreads: '专家暂未提问。',
    answer: (field) => `您关于${field}的回答`,
    askAbout: '给专家留言',
    about: '关于',
    message: '内容',
    send: '以我的名义发送',
    sendHint: '专家会看到这是您写的，发送后无法撤回。',
    sent: '已发送。',
    fields: {
      productNameCn: '中文品名',
      productNameEn: '英文品名',
      uses: '用途',
      ingredients: '材质或成分',
      cas: 'CAS 号',
      brand: '品牌',
      model: '型号',
      otherProductInfo: '其他信息',
    },
    deskFields: {
      ProductNameCn: '中文品名',
      ProductNameEn: '英文品名',
      Uses: '用途',
      Ingredients: '材质或成分',
      Cas: 'CAS 号',
      Brand: '品牌',
      Model: '型号',
      OtherProductInfo: '其他信息',
    },
    nameHint: '专家使用中文，必须填写。',
    pictures: '图片',
    picturesHint: '最多 3 张；JPEG、PNG、GIF 或 WebP，每张不超过 1 MB。也可粘贴或拖放到此处。',
    addPicture: '添加图片',
    remove: (name) => `移除 ${name}`,
    confirm: '我同意以我的名义提交。我知道图片会获得任何人都能打开的公开地址，且提交后无法撤回。',
    submit: '提交给专家',
    submitting: '正在提交…',
    cost: '不消耗点数。专家台每天只接受每个账户的少量表单。',
    made: (form) => `已提交为表单 ${form}。可在单元格用 =HSEXPERT("${form}","code") 读取专家结论。`,
    madePictures: (count) => `公开图片：${count} 张。`,
    loading: '正在加载…',
    reload: '再次查看',
  },
  fr: {
    purpose: 'Des experts en douane classent un produit à la main, et demandent ce qui manque.',
    ask: 'Consulter les experts',
    empty: 'Aucune consultation. Demandez pour un produit dont l’erreur coûterait cher.',
    back: 'Toutes les consultations',
    open: (product) => `Ouvrir ${product}`,
    read: 'Ouvrir',
    status: {
      created: 'en attente d’un expert',
      open: 'en cours',
      concluded: 'conclue',
      unconfirmed: 'non confirmée',
      unknown: 'état inconnu pour l’instant',
    },
    unconfirmedText:
      'Le bureau n’a pas répondu à l’envoi, et l’a peut-être reçu. Regardez plus tard avant d’envoyer une seconde fois.',
    form: (id) => `Formulaire ${id}`,
    created: (at) => `Envoyé le ${at}`,
    code: 'Code',
    reason: 'Motif',
    source: 'Décidé par un expert du bureau',
    noReason: 'non précisé',
    threads: 'Questions et réponses',
    noThreads: 'Les experts n’ont rien demandé pour l’instant.',
    answer: (field) => `Votre réponse sur ${field}`,
    askAbout: 'Écrire aux experts',
    about: 'Au sujet de',
    message: 'Message',
    send: 'Envoyer en mon nom',
    sendHint: 'Les experts le voient comme écrit par vous. Il ne peut être repris.',
    sent: 'Envoyé.',
    fields: {
      productNameCn: 'Nom du produit en chinois',
      productNameEn: 'Nom du produit en anglais',
      uses: 'À quoi il sert',
      ingredients: 'Matière ou composition',
      cas: 'Numéro CAS',
      brand: 'Marque',
      model: 'Modèle',
      otherProductInfo: 'Autres précisions',
    },
    deskFields: {
      ProductNameCn: 'le nom chinois',
      ProductNameEn: 'le nom anglais',
      Uses: 'l’usage',
      Ingredients: 'la matière',
      Cas: 'le numéro CAS',
      Brand: 'la marque',
      Model: 'le modèle',
      OtherProductInfo: 'autre chose',
    },
    nameHint: 'Les experts travaillent en chinois ; sans lui ils ne prennent aucun formulaire.',
    pictures: 'Images',
    picturesHint: '3 au plus ; JPEG, PNG, GIF ou WebP, 1 Mo chacune. Vous pouvez les coller, ou les déposer ici.',
    addPicture: 'Ajouter une image',
    remove: (name) => `Retirer ${name}`,
    confirm:
      'Je veux que ceci soit envoyé en mon nom. Je sais que ses images reçoivent une adresse publique que chacun peut ouvrir, et que l’envoi ne peut être repris.',
    submit: 'Envoyer aux experts',
    submitting: 'Envoi…',
    cost: 'Ne prend aucun point. Le bureau n’accepte que quelques formulaires par jour et par compte.',
    made: (form) =>
      `Envoyé : formulaire ${form}. Le code de l’expert se lit dans une cellule avec =HSEXPERT("${form}";"code").`,
    madePictures: (count) => `Images publiques : ${count}.`,
    loading: 'Chargement…',
    reload: 'Regarder de nouveau',
  },
}
