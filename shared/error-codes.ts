/**
 * Every failure a person can meet: a stable code, one sentence that says what to do, and whether asking again can help.
 * Sentences stand here and nowhere else. `{name}` is filled from the failure's details. Codes are never reused.
 */
import type { Language, Localised } from './language.ts'

/** Where the fault lies decides what the cell shows: `input` → #VALUE!, `answer` and `service` → #N/A, `start` → the terminal. */
export type FailureKind = 'input' | 'answer' | 'service' | 'start'

/** Where a failure is read, where something else is to be done there: by a `program` that asks over HTTP, as the text of an `address`,
 * such as WEBSERVICE in LibreOffice shows, or in a `terminal`, with no pane beside it. */
export type Place = 'program' | 'address' | 'terminal'

export interface FailureSpec {
  code: string
  kind: FailureKind
  retryable: boolean
  sentence: Localised
  /** In its stead, where it is read there. */
  elsewhere?: Partial<Record<Place, Localised>>
}

function input(code: string, en: string, zh: string, fr: string): FailureSpec {
  return { code, kind: 'input', retryable: false, sentence: { en, zh, fr } }
}
function answer(code: string, en: string, zh: string, fr: string): FailureSpec {
  return { code, kind: 'answer', retryable: false, sentence: { en, zh, fr } }
}
function service(code: string, retryable: boolean, en: string, zh: string, fr: string): FailureSpec {
  return { code, kind: 'service', retryable, sentence: { en, zh, fr } }
}
function start(code: string, en: string, zh: string, fr: string): FailureSpec {
  return { code, kind: 'start', retryable: false, sentence: { en, zh, fr } }
}

// How a cell asks again, wherever it stands.
const AGAIN = {
  en: 'type the formula again (many cells: Ctrl+Alt+F9 in Excel, Errors in the sidebar of Google Sheets)',
  zh: '重新输入公式（单元格较多时：Excel 中按 Ctrl+Alt+F9，Google 表格中使用侧边栏的“错误”）',
  fr: 'retapez la formule (beaucoup de cellules : Ctrl+Alt+F9 dans Excel, Erreurs dans la barre latérale de Google Sheets)',
} satisfies Localised

export const FAILURES = {
  // What was typed.
  'text-too-long': input(
    'TC-101',
    'Text has {length} characters; at most {max}. Keep the product name, material and use.',
    '文本有 {length} 个字符，最多 {max} 个。请只保留品名、材质和用途。',
    'Texte de {length} caractères, {max} au plus. Gardez le nom, la matière et l’usage.',
  ),
  'looks-like-formula': input(
    'TC-102',
    'Looks like a formula or command, not a product. Type the product name as plain text.',
    '看起来像公式或命令，而不是商品。请以纯文本输入品名。',
    'Ressemble à une formule ou une commande, pas à un produit. Saisissez le nom en texte simple.',
  ),
  'control-characters': input(
    'TC-103',
    'Text holds invisible control characters. Clean the cell with =CLEAN(…) and try again.',
    '文本含有不可见的控制字符。请用 =CLEAN(…) 清理单元格后重试。',
    'Le texte contient des caractères de contrôle. Nettoyez la cellule avec =EPURAGE(…) et réessayez.',
  ),
  'no-words': input(
    'TC-104',
    'No words to classify in {value}. Describe the product: what it is, its material, its use.',
    '{value} 中没有可归类的文字。请描述商品：名称、材质、用途。',
    'Aucun mot à classer dans {value}. Décrivez le produit : nature, matière, usage.',
  ),
  'number-not-text': input(
    'TC-105',
    '{value} is a number, not a product description. Point the function at the column with the product names.',
    '{value} 是数字，不是商品描述。请引用品名所在的列。',
    '{value} est un nombre, pas une description. Visez la colonne des noms de produits.',
  ),
  'date-not-text': input(
    'TC-106',
    '{value} is a date, not a product description. Point the function at the column with the product names.',
    '{value} 是日期，不是商品描述。请引用品名所在的列。',
    '{value} est une date, pas une description. Visez la colonne des noms de produits.',
  ),
  'unknown-country': input(
    'TC-107',
    'Unknown country "{value}". Use a two-letter ISO code such as CA, US, CN or JP.',
    '未知国家“{value}”。请用两位 ISO 代码，如 CA、US、CN、JP。',
    'Pays inconnu « {value} ». Utilisez un code ISO à deux lettres : CA, US, CN, JP.',
  ),
  'unknown-option': input(
    'TC-108',
    'Unknown option "{value}". Known: {known}.',
    '未知选项“{value}”。可用：{known}。',
    'Option inconnue « {value} ». Connues : {known}.',
  ),
  'bad-option': input(
    'TC-109',
    'Option {key}={value} is not valid. {expected}',
    '选项 {key}={value} 无效。{expected}',
    'L’option {key}={value} n’est pas valable. {expected}',
  ),
  'bad-arguments': input(
    'TC-110',
    '{fn} takes {expected}.',
    '{fn} 的参数应为：{expected}。',
    '{fn} attend {expected}.',
  ),
  'unknown-function': {
    ...input(
      'TC-111',
      'There is no function {value}. See the list in the Tariffcell pane.',
      '没有函数 {value}。请在 Tariffcell 窗格查看列表。',
      'La fonction {value} n’existe pas. Voir la liste dans le volet Tariffcell.',
    ),
    elsewhere: {
      address: {
        en: 'There is no function {value}. Check its spelling: =HS typed into the spreadsheet on the proxy’s own page lists them all.',
        zh: '没有函数 {value}。请检查拼写：在代理自带页面的电子表格中输入 =HS 即可列出全部函数。',
        fr: 'La fonction {value} n’existe pas. Vérifiez son nom : =HS, tapé dans le tableur de la page du proxy, les liste toutes.',
      },
      terminal: {
        en: 'There is no function {value}. Check its spelling: README.md lists them all, under "The functions".',
        zh: '没有函数 {value}。请检查拼写：README.md 的“The functions”一节列出了全部函数。',
        fr: 'La fonction {value} n’existe pas. Vérifiez son nom : README.md les liste toutes, sous « The functions ».',
      },
    },
  },
  'unknown-choice': input(
    'TC-112',
    '"{value}" is not a {what}. Use one of: {known}.',
    '“{value}”不是有效的{what}。可用：{known}。',
    '« {value} » n’est pas valable ({what}). Choix : {known}.',
  ),
  'too-many-cells': input(
    'TC-113',
    '{count} cells in one formula; at most {max}. Use smaller ranges or the bulk tab of the pane.',
    '一个公式包含 {count} 个单元格，最多 {max} 个。请用较小的区域或窗格的批量页。',
    '{count} cellules dans une formule, {max} au plus. Prenez de plus petites plages ou l’onglet « lot ».',
  ),
  'error-in-cell': input(
    'TC-114',
    'The cell this formula looks at shows {value}. Mend that cell first.',
    '此公式引用的单元格显示 {value}。请先修正该单元格。',
    'La cellule que lit cette formule affiche {value}. Corrigez-la d’abord.',
  ),
  'formula-too-large': input(
    'TC-115',
    'In Google Sheets one formula does at most {max} cells, {questions} of them new ones; this one has {count}. Select the column and use Extensions > Tariffcell > Open.',
    '在 Google 表格中，一个公式最多处理 {max} 个单元格，其中新内容最多 {questions} 个；此公式有 {count} 个。请选择该列并使用“扩展程序 > Tariffcell > 打开”。',
    'Dans Google Sheets, une formule traite au plus {max} cellules, dont {questions} nouvelles ; celle-ci en a {count}. Sélectionnez la colonne et ouvrez Extensions > Tariffcell > Ouvrir.',
  ),
  'not-for-a-cell': input(
    'TC-116',
    'This is not a formula: Tariffcell uses it behind its menu. Type =HSCODE( or another of its functions, or use Extensions > Tariffcell > Open.',
    '这不是公式，而是 Tariffcell 菜单内部使用的功能。请输入 =HSCODE( 或其他 Tariffcell 函数，或使用“扩展程序 > Tariffcell > 打开”。',
    'Ceci n’est pas une formule : Tariffcell s’en sert derrière son menu. Tapez =HSCODE( ou une autre de ses fonctions, ou ouvrez Extensions > Tariffcell > Ouvrir.',
  ),
  'not-a-code': input(
    'TC-120',
    '"{value}" is not an HS code. A code has 2 to 10 digits, such as 6109.10.',
    '“{value}”不是 HS 编码。编码为 2 至 10 位数字，如 6109.10。',
    '« {value} » n’est pas un code SH. Un code a 2 à 10 chiffres, par exemple 6109.10.',
  ),
  'code-too-long': input(
    'TC-121',
    '{digits} has {length} digits; {country} codes have at most {max}. Check the source column.',
    '{digits} 有 {length} 位；{country} 编码最多 {max} 位。请检查来源列。',
    '{digits} a {length} chiffres ; {country} en admet {max} au plus. Vérifiez la colonne source.',
  ),
  'code-too-short': input(
    'TC-126',
    '{digits} has {length} digits, fewer than the {wanted} asked for. A code is never padded: HSCHILDREN lists what is below it.',
    '{digits} 只有 {length} 位，少于要求的 {wanted} 位。编码不会补位：HSCHILDREN 可列出其下级。',
    '{digits} a {length} chiffres, moins que les {wanted} demandés. Un code n’est jamais complété : HSCHILDREN liste ce qui est dessous.',
  ),
  'digits-lost': input(
    'TC-122',
    '"{value}" has lost digits (scientific notation). Import the column again as text.',
    '“{value}”已丢失数字（科学计数法）。请以文本格式重新导入该列。',
    '« {value} » a perdu des chiffres (notation scientifique). Réimportez la colonne en texte.',
  ),
  'looks-like-date': input(
    'TC-123',
    '"{value}" looks like a date; the code may have been {candidate}. Format the column as text and type it again.',
    '“{value}”像是日期；编码可能是 {candidate}。请把该列设为文本后重新输入。',
    '« {value} » ressemble à une date ; le code était peut-être {candidate}. Mettez la colonne en texte et ressaisissez.',
  ),
  'needs-country': input(
    'TC-124',
    '{digits} can be read in two ways: {candidates}. Name the country.',
    '{digits} 有两种读法：{candidates}。请指明国家。',
    '{digits} se lit de deux façons : {candidates}. Indiquez le pays.',
  ),
  'ambiguous-code': input(
    'TC-125',
    '"{value}" has lost a zero and could be: {candidates}. Choose one.',
    '“{value}”丢失了零，可能是：{candidates}。请选择。',
    '« {value} » a perdu un zéro et peut être : {candidates}. Choisissez.',
  ),
  'bad-batch': input(
    'TC-130',
    'The request is not a valid batch: {detail}.',
    '请求不是有效的批次：{detail}。',
    'La requête n’est pas un lot valable : {detail}.',
  ),
  'bad-request': input(
    'TC-131',
    'The request is not as documented: {detail}. See /openapi.json.',
    '请求与文档不符：{detail}。请参阅 /openapi.json。',
    'La requête n’est pas conforme à la documentation : {detail}. Voir /openapi.json.',
  ),

  'bad-image-address': input(
    'TC-140',
    '"{value}" is not the address of a picture. Use a public https address that anyone can open.',
    '“{value}”不是图片地址。请使用任何人都能打开的公开 https 地址。',
    '« {value} » n’est pas l’adresse d’une image. Il faut une adresse https publique, que chacun peut ouvrir.',
  ),
  'private-address': input(
    'TC-141',
    'The address {value} leads into a private network, and is never fetched. Use a public address.',
    '地址 {value} 指向内部网络，不会读取。请使用公开地址。',
    'L’adresse {value} mène dans un réseau privé : elle n’est jamais lue. Prenez une adresse publique.',
  ),
  'image-too-large': input(
    'TC-142',
    'The picture is too large: at most {max}. Use a smaller one.',
    '图片过大：最大 {max}。请使用较小的图片。',
    'L’image est trop grande : {max} au plus. Prenez-en une plus petite.',
  ),
  'not-a-picture': input(
    'TC-143',
    'No picture that can be read: {detail}. JPEG, PNG, WebP, GIF and BMP are read: save it as one of these.',
    '无法作为图片读取：{detail}。可以读取 JPEG、PNG、WebP、GIF 和 BMP，请另存为其中一种格式。',
    'Pas d’image lisible : {detail}. Les formats lus sont JPEG, PNG, WebP, GIF et BMP : enregistrez-la dans l’un d’eux.',
  ),
  'picture-kind': input(
    'TC-159',
    '{kind} pictures are not taken here, only {kinds}. Save it as one of these.',
    '此处不接受 {kind} 图片，只接受 {kinds}。请另存为其中一种格式。',
    'Les images {kind} ne sont pas prises ici, seulement {kinds}. Enregistrez-la dans un de ces formats.',
  ),
  'image-too-small': input(
    'TC-144',
    'The picture is {width} × {height} pixels; its short side needs {min}. Use a larger one.',
    '图片为 {width} × {height} 像素，短边至少需要 {min}。请使用较大的图片。',
    'L’image fait {width} × {height} pixels ; le petit côté doit en avoir {min}. Prenez-en une plus grande.',
  ),
  'bad-date': input(
    'TC-145',
    '"{value}" is not a day. Write it as 2026-03-01.',
    '“{value}”不是日期。请写成 2026-03-01。',
    '« {value} » n’est pas un jour. Écrivez 2026-03-01.',
  ),
  'bad-period': input(
    'TC-146',
    'The period ends ({to}) before it begins ({from}). Exchange the two days.',
    '期间的结束日（{to}）早于开始日（{from}）。请对调。',
    'La période finit ({to}) avant de commencer ({from}). Échangez les deux jours.',
  ),
  'not-a-form': input(
    'TC-147',
    '"{value}" is not the id of an expert consultation. Copy it from the expert desk.',
    '“{value}”不是专家咨询单编号。请从专家台复制。',
    '« {value} » n’est pas le numéro d’une consultation. Copiez-le depuis le bureau des experts.',
  ),
  'confirm-needed': input(
    'TC-148',
    'This acts in your name at {provider} and makes the pictures public. Send it again with "confirm": true.',
    '此操作将以您的名义在 {provider} 提交，图片会公开。请附上 "confirm": true 再次发送。',
    'Cela agit en votre nom chez {provider} et rend les images publiques. Renvoyez avec "confirm": true.',
  ),
  'too-many-pictures': input(
    'TC-149',
    '{count} pictures; at most {max}, each of at most {bytes}. Leave some out.',
    '共 {count} 张图片，最多 {max} 张，每张不超过 {bytes}。请减少。',
    '{count} images ; {max} au plus, chacune de {bytes} au plus. Retirez-en.',
  ),
  'future-period': input(
    'TC-150',
    'The period begins on {from}, which is still to come. Name a day in the past.',
    '期间自 {from} 开始，该日尚未到来。请填写过去的日期。',
    'La période commence le {from}, qui est encore à venir. Donnez un jour passé.',
  ),

  'voucher-mistyped': input(
    'TC-151',
    'There is a typing error in this voucher: its characters do not fit together. Compare it with the original.',
    '代金券有输入错误：各字符不相符。请与原件核对。',
    'Ce bon contient une faute de frappe : ses caractères ne vont pas ensemble. Comparez avec l’original.',
  ),
  'bad-amount': input(
    'TC-152',
    'The amount is a whole number of CNY from {min} to {max}.',
    '金额应为 {min} 至 {max} 之间的整数（人民币元）。',
    'Le montant est un nombre entier de CNY, de {min} à {max}.',
  ),
  'too-many-rows': input(
    'TC-153',
    '{count} rows; at most {max} in one job. Make several jobs.',
    '共 {count} 行；一个任务最多 {max} 行。请分成多个任务。',
    '{count} lignes ; {max} au plus par travail. Faites plusieurs travaux.',
  ),
  'bad-webhook-address': input(
    'TC-154',
    '"{value}" cannot be called: {detail}. Use a public https address.',
    '无法调用“{value}”：{detail}。请使用公开的 https 地址。',
    '« {value} » ne peut pas être appelée : {detail}. Prenez une adresse https publique.',
  ),
  // What is selected or stands in the way on the sheet.
  'nothing-selected': input(
    'TC-170',
    'There is nothing in the selected cells. Select the rows with your products and try again.',
    '所选单元格没有内容。请选择含有商品的行后重试。',
    'Les cellules choisies sont vides. Sélectionnez les lignes de vos produits et réessayez.',
  ),
  'several-areas': input(
    'TC-171',
    '{count} separate ranges are selected. Select one block of rows; hold no key while you drag.',
    '选择了 {count} 个不相连的区域。请只选择一个连续区域。',
    '{count} plages séparées sont choisies. Sélectionnez un seul bloc de lignes.',
  ),
  'sheet-protected': input(
    'TC-172',
    'The sheet "{sheet}" is protected. Unprotect it (Excel: Review > Unprotect Sheet; Google Sheets: Data > Protect sheets and ranges), or choose output columns that may be edited.',
    '工作表“{sheet}”受保护。请取消保护（Excel：审阅 > 取消工作表保护；Google 表格：数据 > 保护工作表和范围），或选择可编辑的输出列。',
    'La feuille « {sheet} » est protégée. Ôtez la protection (Excel : Révision > Ôter la protection ; Google Sheets : Données > Protéger des feuilles et des plages), ou choisissez des colonnes modifiables.',
  ),
  'merged-cells': input(
    'TC-173',
    'Merged cells at {address} hide values behind each other. Unmerge them first.',
    '{address} 处的合并单元格会遮盖数值。请先取消合并。',
    'Des cellules fusionnées en {address} cachent des valeurs. Défusionnez-les d’abord.',
  ),
  'place-gone': input(
    'TC-174',
    'The sheet or the rows that were worked on have been deleted. What was found is kept: classify them again at no cost.',
    '正在处理的工作表或行已被删除。已得到的结果仍保留：再次归类不收费。',
    'La feuille ou les lignes traitées ont été supprimées. Les résultats sont gardés : reclasser ne coûte rien.',
  ),
  'cell-being-edited': service(
    'TC-175',
    true,
    'A cell is being edited. Press Enter or Esc in it, then try again; nothing is lost.',
    '有单元格正在编辑。请在其中按 Enter 或 Esc 后重试；不会丢失任何内容。',
    'Une cellule est en cours de saisie. Appuyez sur Entrée ou Échap, puis réessayez ; rien n’est perdu.',
  ),
  'spreadsheet-busy': service(
    'TC-176',
    true,
    'The spreadsheet did not take the values ({detail}). Wait until it has calculated, then try again; nothing is lost.',
    '电子表格未接受数值（{detail}）。请等待计算完成后重试；不会丢失任何内容。',
    'Le tableur n’a pas pris les valeurs ({detail}). Attendez la fin du calcul et réessayez ; rien n’est perdu.',
  ),
  'too-many-rows-selected': input(
    'TC-177',
    '{count} rows are selected; at most {max} can be worked on at once. Select fewer.',
    '选择了 {count} 行；一次最多处理 {max} 行。请减少选择。',
    '{count} lignes choisies ; {max} au plus à la fois. Choisissez-en moins.',
  ),
  'run-elsewhere': input(
    'TC-178',
    'This file is being filled in another window. Let it finish or stop it there.',
    '此文件正在另一个窗口中填写。请等待其完成，或在那里停止。',
    'Ce fichier est en cours de remplissage dans une autre fenêtre. Laissez-la finir ou arrêtez-la.',
  ),
  'not-in-this-spreadsheet': input(
    'TC-179',
    'This spreadsheet program cannot do that: {detail}.',
    '此电子表格程序无法执行该操作：{detail}。',
    'Ce tableur ne peut pas faire cela : {detail}.',
  ),
  'office-js-blocked': service(
    'TC-180',
    true,
    'Excel could not be reached, because its script from appsforoffice.microsoft.com did not load. Allow that address in your network, then open the pane again.',
    '无法连接 Excel：来自 appsforoffice.microsoft.com 的脚本未能加载。请在网络中允许该地址，然后重新打开窗格。',
    'Excel reste hors d’atteinte : son script, servi par appsforoffice.microsoft.com, n’a pas été chargé. Autorisez cette adresse sur votre réseau, puis rouvrez le volet.',
  ),
  'frozen-full': input(
    'TC-184',
    'The file cannot keep more frozen formulas. Freeze fewer at once, or take older ones off the list below.',
    '文件无法再保存更多固化的公式。请减少数量，或从下面的列表中移除较早的记录。',
    'Le fichier ne peut garder plus de formules figées. Figez-en moins, ou retirez les plus anciennes de la liste.',
  ),
  'spreadsheet-store-full': input(
    'TC-186',
    'Google keeps no more of this add-on with this spreadsheet, and nothing was changed. Take the oldest frozen formulas off the list under Freeze, then try again.',
    'Google 无法再为此电子表格保存本插件的更多数据，未作任何更改。请在“固化”中从列表移除最早的固化公式，然后重试。',
    'Google ne garde plus rien de ce module avec cette feuille, et rien n’a été changé. Retirez de la liste, sous Figer, les formules figées les plus anciennes, puis réessayez.',
  ),
  'own-store-full': input(
    'TC-187',
    'Google keeps no more of this add-on for you. What was chosen here lasts until the sidebar is closed; finish or drop runs of other spreadsheets that wait under Classify to make room.',
    'Google 无法再为您保存本插件的更多数据。此处的选择仅保留到侧边栏关闭；请完成或放弃其他电子表格在“归类”中等待的任务以腾出空间。',
    'Google ne garde plus rien de ce module pour vous. Ce qui est choisi ici dure jusqu’à la fermeture de la barre ; finissez ou abandonnez les travaux d’autres feuilles qui attendent sous Classer pour faire de la place.',
  ),
  'spreadsheet-full': input(
    'TC-188',
    'The spreadsheet has no room for more cells: Google allows 10 million, empty ones too. Delete rows and columns that are not used, or a sheet, then try again; nothing is lost.',
    '电子表格无法再增加单元格：Google 最多允许 1000 万个，包括空单元格。请删除不用的行、列或工作表后重试；不会丢失任何内容。',
    'La feuille de calcul n’a plus de place : Google permet 10 millions de cellules, vides comprises. Supprimez des lignes, des colonnes ou une feuille inutiles, puis réessayez ; rien n’est perdu.',
  ),
  'no-cell-there': input(
    'TC-189',
    'The sheet "{sheet}" has no cells: it is a chart, or shows a connected source. Go to a sheet with cells, select the one to fill, and try again.',
    '工作表“{sheet}”没有单元格：它是图表，或显示已连接的数据源。请转到有单元格的工作表，选择要填写的单元格后重试。',
    'La feuille « {sheet} » n’a pas de cellules : c’est un graphique, ou elle montre une source connectée. Allez sur une feuille à cellules, choisissez celle à remplir et réessayez.',
  ),
  'frozen-unreadable': input(
    'TC-185',
    'The list of frozen formulas in this file cannot be read: a newer Tariffcell wrote it, or it is damaged. Nothing was changed.',
    '无法读取此文件中的固化公式列表：可能由更新版本写入，或已损坏。未作任何更改。',
    'La liste des formules figées de ce fichier est illisible : une version plus récente l’a écrite, ou elle est abîmée. Rien n’a été changé.',
  ),
  'bad-csv': input(
    'TC-155',
    'Line {line} of the file cannot be read: {detail}. Nothing was imported.',
    '文件第 {line} 行无法读取：{detail}。未导入任何内容。',
    'La ligne {line} du fichier est illisible : {detail}. Rien n’a été importé.',
  ),
  'no-function': input(
    'TC-158',
    'Name a function, and its arguments in order: /v1/cell?fn=HSRATE&a=610910&a=CA',
    '请给出函数及其参数（按顺序）：/v1/cell?fn=HSRATE&a=610910&a=CA',
    'Nommez une fonction et ses arguments dans l’ordre : /v1/cell?fn=HSRATE&a=610910&a=CA',
  ),
  'bad-entry': input(
    'TC-157',
    'This cannot be approved: {detail}.',
    '无法确认：{detail}。',
    'Ceci ne peut pas être approuvé : {detail}.',
  ),
  'memory-full': input(
    'TC-156',
    'The memory of this workspace would hold {count} entries; at most {max}. Remove some first.',
    '此工作区的已确认编码将达 {count} 条，最多 {max} 条。请先删除一些。',
    'La mémoire de cet espace aurait {count} entrées ; {max} au plus. Retirez-en d’abord.',
  ),

  // No answer, and why.
  'too-vague': answer('TC-201', 'Too vague: {missing}.', '描述过于笼统：{missing}。', 'Trop vague : {missing}.'),
  'not-certain': answer(
    'TC-202',
    'Not certain enough: best guess {code} ({label}) at {score}, below {min}. {missing} Or use min=0.',
    '把握不足：最可能是 {code}（{label}），{score} 低于 {min}。{missing} 或使用 min=0。',
    'Pas assez sûr : au mieux {code} ({label}) à {score}, sous {min}. {missing} Ou min=0.',
  ),
  'too-deep': answer(
    'TC-203',
    'Certain only to {code}: {count} {country} lines below it, {lines}. Choose one, or leave digits out.',
    '只能确定到 {code}：其下有 {count} 个{country}税号：{lines}。请选择，或去掉 digits。',
    'Sûr seulement jusqu’à {code} : {count} lignes {country} dessous, {lines}. Choisissez, ou retirez digits.',
  ),
  'code-not-found': answer(
    'TC-210',
    '{code} is not in the {country} tariff {edition}. {nearest}',
    '{code} 不在 {country} 税则 {edition} 中。{nearest}',
    '{code} n’est pas dans le tarif {country} {edition}. {nearest}',
  ),
  'no-rate': answer(
    'TC-211',
    'The {country} tariff prints no {treatment} rate for {code}. HSRATES lists what it prints.',
    '{country} 税则未列出 {code} 的 {treatment} 税率。HSRATES 可列出全部税率。',
    'Le tarif {country} n’imprime pas de taux {treatment} pour {code}. HSRATES liste les taux imprimés.',
  ),
  'not-a-percentage': answer(
    'TC-212',
    'The rate is "{text}", not a plain percentage. Use HSRATETEXT.',
    '税率为“{text}”，不是单纯的百分比。请用 HSRATETEXT。',
    'Le taux est « {text} », pas un simple pourcentage. Utilisez HSRATETEXT.',
  ),
  'rates-differ': answer(
    'TC-213',
    'Rates under {code} differ: {rates}. Choose a tariff item with HSCHILDREN.',
    '{code} 下的税率不一：{rates}。请用 HSCHILDREN 选择具体税号。',
    'Les taux sous {code} diffèrent : {rates}. Choisissez une ligne avec HSCHILDREN.',
  ),
  'unknown-treatment': answer(
    'TC-214',
    'The {country} tariff has no treatment "{value}". Known: {known}.',
    '{country} 税则没有“{value}”待遇。可用：{known}。',
    'Le tarif {country} n’a pas de traitement « {value} ». Connus : {known}.',
  ),
  'no-tariff': answer(
    'TC-215',
    'No tariff for {country} here; there is {known}. HSCODE gives the six international digits.',
    '此处没有 {country} 的税则；现有 {known}。HSCODE 可给出国际通用的六位编码。',
    'Pas de tarif {country} ici ; il y a {known}. HSCODE donne les six chiffres internationaux.',
  ),
  'no-edition': answer(
    'TC-216',
    'No {country} edition for {date}; the oldest here starts {oldest}. Import the edition of that date.',
    '没有适用于 {date} 的 {country} 版本；现有最早版本自 {oldest} 起。请导入该日期的版本。',
    'Pas d’édition {country} au {date} ; la plus ancienne ici débute le {oldest}. Importez celle de cette date.',
  ),
  'tariff-unavailable': answer(
    'TC-217',
    'The {country} tariff file is damaged. Import it again with: npm run tariff -- import',
    '{country} 税则文件已损坏。请用 npm run tariff -- import 重新导入。',
    'Le fichier du tarif {country} est endommagé. Réimportez-le : npm run tariff -- import',
  ),
  'rate-elsewhere': answer(
    'TC-218',
    'The tariff refers elsewhere for this rate: "{text}". Look there.',
    '税则对该税率另有指引：“{text}”。请查阅该处。',
    'Le tarif renvoie ailleurs pour ce taux : « {text} ». Consultez-y.',
  ),
  'no-unit': answer(
    'TC-219',
    'The {country} tariff prints no unit for {code}.',
    '{country} 税则未列出 {code} 的计量单位。',
    'Le tarif {country} n’imprime pas d’unité pour {code}.',
  ),
  'rate-unparsed': answer(
    'TC-220',
    'The rate "{text}" is printed in a form not understood here. Use HSRATETEXT.',
    '税率“{text}”的格式暂无法识别。请用 HSRATETEXT。',
    'Le taux « {text} » a une forme non reconnue ici. Utilisez HSRATETEXT.',
  ),
  'no-confidence': answer(
    'TC-221',
    '{provider} gives no score with its answers.',
    '{provider} 的答案不带分数。',
    '{provider} ne donne pas de score.',
  ),
  'not-remembered': answer(
    'TC-222',
    'Nothing is known about this text yet. Ask HSCODE first.',
    '尚无该文本的记录。请先使用 HSCODE。',
    'Rien n’est encore connu de ce texte. Demandez d’abord HSCODE.',
  ),
  'no-label': answer(
    'TC-223',
    'No label for {code} here.',
    '此处没有 {code} 的名称。',
    'Pas de libellé pour {code} ici.',
  ),
  'no-children': answer(
    'TC-224',
    '{code} has no lines below it in the {country} tariff: it is the last level.',
    '{code} 在 {country} 税则中没有下级，已是最后一级。',
    '{code} n’a pas de ligne dessous dans le tarif {country} : dernier niveau.',
  ),
  'no-provider': answer(
    'TC-225',
    'No connected provider answers {fn}{place}. {advice}',
    '没有已连接的服务能回答 {fn}{place}。{advice}',
    'Aucun fournisseur connecté ne répond à {fn}{place}. {advice}',
  ),

  'rate-not-known': answer(
    'TC-226',
    'The tariff data here does not tell the {treatment} rate of {code} in {country}. Look it up at the publisher, or import the full tariff.',
    '此处的税则数据没有 {country} {code} 的 {treatment} 税率。请查阅官方发布，或导入完整税则。',
    'Les données d’ici ne disent pas le taux {treatment} de {code} ({country}). Consultez l’éditeur ou importez le tarif complet.',
  ),

  'no-match': answer(
    'TC-230',
    '{provider} knows no answer to this. Use other words: product, material, use.',
    '{provider} 没有相应结果。请更换措辞：品名、材质、用途。',
    '{provider} ne connaît pas de réponse. Employez d’autres mots : produit, matière, usage.',
  ),
  'upstream-code-unknown': answer(
    'TC-231',
    '{provider} says {code}, which is not in the {country} tariff {edition}; so it is not shown as a code, nor charged. {nearest}',
    '{provider} 给出 {code}，但它不在 {country} 税则 {edition} 中，因此不作为编码显示，也不扣点。{nearest}',
    '{provider} dit {code}, absent du tarif {country} {edition} : ce code n’est ni montré ni facturé. {nearest}',
  ),
  'upstream-code-broken': answer(
    'TC-232',
    '{provider} gave "{value}" in place of a code; nothing was charged. Try other words or provider=embedded.',
    '{provider} 返回的“{value}”不是编码；未扣点。请更换措辞，或使用 provider=embedded。',
    '{provider} a donné « {value} » au lieu d’un code ; rien n’est facturé. Essayez d’autres mots ou provider=embedded.',
  ),
  'wording-refused': answer(
    'TC-233',
    '{provider} does not take this wording: {detail}. Use the plain name of the goods.',
    '{provider} 不接受此措辞：{detail}。请使用商品的普通名称。',
    '{provider} n’accepte pas cette formulation : {detail}. Employez le nom simple de la marchandise.',
  ),
  'form-unknown': answer(
    'TC-234',
    'There is no expert consultation {form} in this workspace. The expert desk lists yours.',
    '此工作区没有专家咨询单 {form}。专家台可列出您的咨询单。',
    'Pas de consultation {form} dans cet espace. Le bureau des experts liste les vôtres.',
  ),
  'form-open': answer(
    'TC-235',
    'The expert has not concluded yet: {status}. Ask again later.',
    '专家尚未得出结论：{status}。请稍后再问。',
    'L’expert n’a pas encore conclu : {status}. Redemandez plus tard.',
  ),

  'job-unknown': answer(
    'TC-240',
    'There is no job {job} in this workspace. The pane lists yours.',
    '此工作区没有任务 {job}。窗格可列出您的任务。',
    'Pas de travail {job} dans cet espace. Le volet liste les vôtres.',
  ),
  'memory-unknown': answer(
    'TC-241',
    'Nothing approved is kept under {id} in this workspace.',
    '此工作区没有编号为 {id} 的已确认编码。',
    'Aucun code approuvé sous {id} dans cet espace.',
  ),
  'recharge-unknown': answer(
    'TC-242',
    'There is no recharge {id} in this workspace.',
    '此工作区没有充值记录 {id}。',
    'Pas de recharge {id} dans cet espace.',
  ),
  'webhook-unknown': answer(
    'TC-243',
    'There is no webhook or delivery {id} in this workspace.',
    '此工作区没有 webhook 或投递记录 {id}。',
    'Pas de webhook ni d’envoi {id} dans cet espace.',
  ),
  'seat-unknown': answer(
    'TC-244',
    'There is no seat {id} in this workspace, or it is revoked. Its owner can list the seats.',
    '此工作区没有席位 {id}，或该席位已被撤销。所有者可列出席位。',
    'Pas de connexion {id} dans cet espace, ou elle est révoquée. Son propriétaire peut les lister.',
  ),

  // The service between.
  'not-connected': {
    ...service(
      'TC-401',
      false,
      'Not connected, or no longer. Enter a connection code in the Tariffcell pane or on the page of your proxy.',
      '尚未连接，或连接已终止。请在 Tariffcell 窗格或代理页面输入连接码。',
      'Non connecté, ou plus maintenant. Saisissez un code de connexion dans le volet Tariffcell ou sur la page de votre proxy.',
    ),
    elsewhere: {
      program: {
        en: 'Not connected: no token came. Programs send "Authorization: Bearer <token>"; a person enters a connection code in the Tariffcell pane or on the page of the proxy.',
        zh: '尚未连接：未收到令牌。程序请发送 “Authorization: Bearer <token>”；个人请在 Tariffcell 窗格或代理页面输入连接码。',
        fr: 'Non connecté : aucun jeton n’est venu. Un programme envoie « Authorization: Bearer <token> » ; une personne saisit un code de connexion dans le volet Tariffcell ou sur la page du proxy.',
      },
      address: {
        en: 'No token in the address, or one that is not known any more. Add &key= with a token of role cell: npm run admin -- seat create --name sheet --role cell',
        zh: '地址中没有令牌，或令牌已失效。请加上 &key= 和 cell 角色的令牌：npm run admin -- seat create --name sheet --role cell',
        fr: 'Pas de jeton dans l’adresse, ou un jeton qui ne vaut plus. Ajoutez &key= et un jeton de rôle cell : npm run admin -- seat create --name sheet --role cell',
      },
    },
  },
  'no-points': service(
    'TC-402',
    true,
    'No points left: recharge in the Tariffcell pane (/excel/pane.html at the proxy), or ask whoever runs the proxy.',
    '点数不足：请在 Tariffcell 窗格（代理地址 /excel/pane.html）充值，或联系代理管理员。',
    'Plus de points : rechargez dans le volet Tariffcell (/excel/pane.html chez le proxy), ou demandez à qui gère le proxy.',
  ),
  'not-allowed': service(
    'TC-403',
    false,
    'This connection may not do that. Ask the person who runs your proxy.',
    '此连接无权执行该操作。请联系代理的管理员。',
    'Cette connexion n’y est pas autorisée. Demandez à la personne qui gère votre proxy.',
  ),
  'token-in-address': service(
    'TC-442',
    false,
    'Only a token of role cell may stand in an address. Make one with: npm run admin -- seat create --name sheet --role cell',
    '地址中只能使用 cell 角色的令牌。请执行：npm run admin -- seat create --name sheet --role cell',
    'Seul un jeton de rôle cell peut figurer dans une adresse. Créez-en un : npm run admin -- seat create --name sheet --role cell',
  ),
  'needs-token': service(
    'TC-443',
    false,
    'This answer costs points, and a question without a token gets free answers only. Add &key= with a token of role cell: npm run admin -- seat create --name sheet --role cell',
    '此答案需要点数；不带令牌只能获得免费答案。请加上 &key= 和 cell 角色的令牌：npm run admin -- seat create --name sheet --role cell',
    'Cette réponse coûte des points ; sans jeton, seules les réponses gratuites viennent. Ajoutez &key= et un jeton de rôle cell : npm run admin -- seat create --name sheet --role cell',
  ),
  'other-spreadsheet': service(
    'TC-444',
    false,
    'The formulas of this spreadsheet are enabled in another one: it may be a copy. Enable them here: Extensions > Tariffcell > Open.',
    '此电子表格的函数是在另一个电子表格中启用的：这可能是副本。请在此启用：扩展程序 > Tariffcell > 打开。',
    'Les fonctions de cette feuille sont activées dans une autre : c’est peut-être une copie. Activez-les ici : Extensions > Tariffcell > Ouvrir.',
  ),
  'sheet-not-enabled': service(
    'TC-445',
    false,
    'Formulas are not enabled in this spreadsheet yet. Open Extensions > Tariffcell > Open, connect, and enable them.',
    '此电子表格尚未启用函数。请打开“扩展程序 > Tariffcell > 打开”，连接并启用。',
    'Les fonctions ne sont pas encore activées dans cette feuille. Ouvrez Extensions > Tariffcell > Ouvrir, connectez-vous et activez-les.',
  ),
  'sheets-other-account': service(
    'TC-447',
    false,
    'Google took this sidebar for another of your accounts. Sign out of the others, or use one browser profile for each account, then open the sidebar again.',
    'Google 将此侧边栏当作您的另一个账号。请退出其他账号，或为每个账号使用单独的浏览器配置文件，然后重新打开侧边栏。',
    'Google a pris cette barre latérale pour un autre de vos comptes. Déconnectez les autres, ou prenez un profil de navigateur par compte, puis rouvrez la barre.',
  ),
  'sidebar-outdated': service(
    'TC-448',
    false,
    'The add-on has been updated since this sidebar was opened, and the two no longer fit together. Close the sidebar and open it again: Extensions > Tariffcell > Open. Nothing is lost; a run that was going on can be continued there.',
    '打开此侧边栏后插件已更新，两者不再匹配。请关闭侧边栏并重新打开：扩展程序 > Tariffcell > 打开。不会丢失任何内容；进行中的任务可在那里继续。',
    'Le module a été mis à jour depuis l’ouverture de cette barre latérale, et les deux ne vont plus ensemble. Fermez-la et rouvrez-la : Extensions > Tariffcell > Ouvrir. Rien n’est perdu ; un travail en cours pourra y être continué.',
  ),
  'sheets-quota': service(
    'TC-446',
    true,
    'Google allows this account no more outside requests today. What was answered stays; the rest goes on tomorrow, or by another person’s account.',
    'Google 今天不再允许此账号发出外部请求。已得到的结果会保留；其余明天继续，或由其他人的账号处理。',
    'Google n’accorde plus de requêtes externes à ce compte aujourd’hui. Ce qui est répondu reste ; la suite demain, ou avec le compte d’une autre personne.',
  ),
  'not-found': service(
    'TC-404',
    false,
    'There is nothing at this address.',
    '该地址没有内容。',
    'Rien à cette adresse.',
  ),
  pending: service(
    'TC-408',
    true,
    `Still being answered. In a moment ${AGAIN.en}.`,
    `正在处理中。请稍后${AGAIN.zh}。`,
    `Réponse en cours. Dans un instant, ${AGAIN.fr}.`,
  ),
  'too-large': service(
    'TC-413',
    false,
    'The request is too large: at most {max}.',
    '请求过大：最多 {max}。',
    'Requête trop grande : {max} au plus.',
  ),
  'too-many-requests': service(
    'TC-429',
    true,
    'Too many requests. Wait {seconds} s and try again.',
    '请求过多。请等待 {seconds} 秒后重试。',
    'Trop de requêtes. Attendez {seconds} s et réessayez.',
  ),
  'daily-cap': service(
    'TC-430',
    false,
    'Today’s spending limit of this connection ({cap} points) is used up. It opens again at 00:00 UTC.',
    '此连接今日的消费上限（{cap} 点）已用完，将于 UTC 00:00 恢复。',
    'Le plafond du jour de cette connexion ({cap} points) est atteint. Réouverture à 00:00 UTC.',
  ),
  'code-used': service(
    'TC-431',
    false,
    'This connection code is unknown, used or older than {minutes} minutes. Ask for a new one.',
    '此连接码无效、已使用或超过 {minutes} 分钟。请索取新的连接码。',
    'Ce code de connexion est inconnu, utilisé ou vieux de plus de {minutes} minutes. Demandez-en un autre.',
  ),
  'voucher-unknown': service(
    'TC-432',
    false,
    'This voucher is unknown, used, withdrawn or past its day. Ask whoever gave it to you.',
    '此代金券无效、已使用、已作废或已过期。请联系发放者。',
    'Ce bon est inconnu, utilisé, retiré ou périmé. Demandez à qui vous l’a donné.',
  ),
  'job-state': service(
    'TC-433',
    false,
    'The job is {state}: it cannot be {action} now.',
    '任务状态为 {state}，现在无法{action}。',
    'Le travail est {state} : action impossible maintenant ({action}).',
  ),
  'row-cancelled': service(
    'TC-434',
    false,
    'Not asked: the job was cancelled before this row. Retry the failed rows to ask it.',
    '未查询：任务在此行之前已取消。可重试失败的行。',
    'Non demandé : le travail a été annulé avant cette ligne. Relancez les lignes en échec.',
  ),
  'request-changed': service(
    'TC-435',
    false,
    'This request id was used before, for another request. Use a new one.',
    '此请求编号已用于另一个请求。请使用新的编号。',
    'Ce numéro de requête a déjà servi pour une autre requête. Prenez-en un nouveau.',
  ),
  'checkout-unavailable': service(
    'TC-436',
    false,
    'Paying online is not set up on this proxy. Redeem a voucher, or ask whoever runs the proxy.',
    '此代理未开通在线支付。请使用代金券，或联系代理管理员。',
    'Le paiement en ligne n’est pas activé ici. Utilisez un bon, ou demandez à qui gère le proxy.',
  ),
  'payment-unreachable': service(
    'TC-437',
    true,
    'The payment service did not answer. Nothing was paid by this step: try again in a moment.',
    '支付服务未响应。此步骤未产生支付：请稍后重试。',
    'Le service de paiement n’a pas répondu. Rien n’a été payé à cette étape : réessayez.',
  ),
  'bad-signature': service(
    'TC-438',
    false,
    'The signature of this call is missing, wrong or too old. Check the webhook’s secret and the clocks on both sides.',
    '此调用的签名缺失、错误或已过期。请检查 webhook 密钥和双方时钟。',
    'La signature de cet appel manque, est fausse ou trop ancienne. Vérifiez le secret du webhook et les deux horloges.',
  ),
  'too-many-jobs': service(
    'TC-439',
    true,
    '{count} jobs are open in this workspace; at most {max}. Wait for one, or cancel one.',
    '此工作区已有 {count} 个进行中的任务，最多 {max} 个。请等待或取消其中一个。',
    '{count} travaux sont ouverts dans cet espace ; {max} au plus. Attendez-en un ou annulez-en un.',
  ),
  'too-many-webhooks': service(
    'TC-440',
    false,
    'This workspace has {max} webhooks, which is the most there may be. Remove one first.',
    '此工作区已有 {max} 个 webhook，已达上限。请先删除一个。',
    'Cet espace a déjà {max} webhooks, le maximum. Retirez-en un d’abord.',
  ),
  'webhook-disabled': service(
    'TC-441',
    false,
    'The webhook {id} is disabled, and is sent nothing. Make it active first.',
    'webhook {id} 已停用，不会发送任何内容。请先启用它。',
    'Le webhook {id} est désactivé : rien ne lui est envoyé. Activez-le d’abord.',
  ),
  'last-owner': service(
    'TC-449',
    false,
    'This is the only owner: without one the workspace could never make a seat again. Make another owner first.',
    '这是唯一的所有者：没有所有者，工作区将无法再创建席位。请先创建另一个所有者。',
    'C’est le seul propriétaire : sans lui, l’espace ne pourrait plus créer de connexion. Créez-en d’abord un autre.',
  ),
  'pairing-expired': service(
    'TC-450',
    false,
    'This connection is unknown, or was not approved within {minutes} minutes. Ask for it again in the sidebar.',
    '此连接请求无效，或未在 {minutes} 分钟内获得批准。请在侧边栏中重新请求。',
    'Cette connexion est inconnue, ou n’a pas été approuvée en {minutes} minutes. Redemandez-la dans la barre latérale.',
  ),
  'pairing-refused': service(
    'TC-451',
    false,
    'This connection was not approved in the browser. Ask for it again in the sidebar if that was a mistake.',
    '此连接请求在浏览器中未获批准。如属误操作，请在侧边栏中重新请求。',
    'Cette connexion n’a pas été approuvée dans le navigateur. Redemandez-la dans la barre latérale si c’était une erreur.',
  ),
  'pairing-used': service(
    'TC-452',
    false,
    'This connection was approved and used already. Ask for a new one in the sidebar.',
    '此连接请求已获批准并已使用。请在侧边栏中重新请求。',
    'Cette connexion a déjà été approuvée et utilisée. Demandez-en une nouvelle dans la barre latérale.',
  ),
  'too-many-pairings': service(
    'TC-453',
    true,
    'Too many connections are waiting to be approved just now. Try again in some minutes, or use a connection code.',
    '当前等待批准的连接请求过多。请几分钟后重试，或使用连接码。',
    'Trop de connexions attendent d’être approuvées en ce moment. Réessayez dans quelques minutes, ou prenez un code de connexion.',
  ),
  'too-many-made-seats': service(
    'TC-454',
    false,
    'Your connection already has {max} spreadsheets and devices, the most there may be. End what is no longer used: Settings > Disable formulas in the sidebar of such a spreadsheet; whoever runs the proxy ends any: npm run admin -- seats',
    '您的连接已有 {max} 个电子表格和设备，达到上限。请终止不再使用的：在该电子表格的侧边栏中选择“设置 > 停用函数”；代理管理员可终止任何一个：npm run admin -- seats',
    'Votre connexion compte déjà {max} feuilles de calcul et appareils, le maximum. Mettez fin à ceux qui ne servent plus : Réglages > Désactiver les fonctions dans la barre latérale d’une telle feuille ; qui gère le proxy met fin à tous : npm run admin -- seats',
  ),
  bug: service(
    'TC-500',
    true,
    'Something went wrong on our side ({id}). Try again; tell the person who runs the proxy if it stays.',
    '我们这边出错了（{id}）。请重试；如仍失败请告知代理管理员。',
    'Une erreur de notre côté ({id}). Réessayez ; sinon prévenez la personne qui gère le proxy.',
  ),
  'provider-failed': service(
    'TC-502',
    false,
    '{provider} could not answer this question. Try another wording or provider.',
    '{provider} 无法回答此问题。请更换措辞或服务。',
    '{provider} n’a pas pu répondre. Essayez une autre formulation ou un autre fournisseur.',
  ),
  'provider-busy': service(
    'TC-503',
    true,
    '{provider} is busy or out of reach. Nothing was charged: try again later.',
    '{provider} 繁忙或无法访问。未扣点：请稍后重试。',
    '{provider} est occupé ou injoignable. Rien n’a été facturé : réessayez plus tard.',
  ),
  'provider-timeout': service(
    'TC-504',
    true,
    '{provider} did not answer in time. Nothing was charged: try again later.',
    '{provider} 未及时响应。未扣点：请稍后重试。',
    '{provider} n’a pas répondu à temps. Rien n’a été facturé : réessayez plus tard.',
  ),
  draining: service(
    'TC-505',
    true,
    'The proxy is stopping. Try again in a moment.',
    '代理正在停止。请稍后重试。',
    'Le proxy s’arrête. Réessayez dans un instant.',
  ),
  overloaded: service(
    'TC-506',
    true,
    'The proxy has too much waiting. Try again in a moment.',
    '代理排队过多。请稍后重试。',
    'Le proxy a trop d’attente. Réessayez dans un instant.',
  ),
  'disk-full': service(
    'TC-507',
    true,
    'The proxy’s disk is full, so nothing can be charged or remembered. Free some space; nothing was lost.',
    '代理磁盘已满，无法扣点或记录。请释放空间；数据没有丢失。',
    'Le disque du proxy est plein : rien ne peut être facturé ni retenu. Libérez de la place ; rien n’est perdu.',
  ),
  'database-away': service(
    'TC-508',
    true,
    'The proxy cannot reach its database just now. Nothing is lost: try again in a moment.',
    '代理暂时无法连接数据库。数据没有丢失：请稍后重试。',
    'Le proxy n’atteint pas sa base en ce moment. Rien n’est perdu : réessayez dans un instant.',
  ),
  'upstream-key-refused': service(
    'TC-510',
    false,
    '{provider} refuses the credential kept here. Whoever runs the proxy mends it with: npm run admin -- credentials set {provider}{workspace}',
    '{provider} 拒绝此处保存的凭证。请代理管理员执行：npm run admin -- credentials set {provider}{workspace}',
    '{provider} refuse l’identifiant gardé ici. Qui gère le proxy le corrige avec : npm run admin -- credentials set {provider}{workspace}',
  ),
  'upstream-quota': service(
    'TC-511',
    false,
    'The daily quota at {provider} is used up. Nothing was charged: ask again tomorrow.',
    '{provider} 的每日配额已用完。未扣点：请明天再试。',
    'Le quota du jour chez {provider} est épuisé. Rien n’est facturé : redemandez demain.',
  ),
  'upstream-no-points': service(
    'TC-512',
    false,
    'The proxy’s own account at {provider} is empty. Nothing was charged: whoever runs the proxy recharges it there.',
    '代理在 {provider} 的账户已无余额。未扣点：请代理管理员在该处充值。',
    'Le compte du proxy chez {provider} est vide. Rien n’est facturé : qui gère le proxy le recharge là-bas.',
  ),
  'upstream-paused': service(
    'TC-513',
    true,
    '{provider} failed several times in a row and is left alone for {seconds} s. Nothing was charged: try again then.',
    '{provider} 连续多次失败，暂停 {seconds} 秒。未扣点：请届时重试。',
    '{provider} a échoué plusieurs fois de suite : pause de {seconds} s. Rien n’est facturé : réessayez ensuite.',
  ),
  'upstream-unreadable': service(
    'TC-514',
    true,
    '{provider} replied with something that cannot be read: {detail}. Nothing was charged: try again later.',
    '{provider} 的回复无法读取：{detail}。未扣点：请稍后重试。',
    'La réponse de {provider} est illisible : {detail}. Rien n’est facturé : réessayez plus tard.',
  ),
  'image-unreachable': service(
    'TC-515',
    true,
    'The picture could not be fetched: {detail}. Check that its address opens in a browser.',
    '无法获取图片：{detail}。请确认其地址可在浏览器中打开。',
    'L’image n’a pas pu être lue : {detail}. Vérifiez que son adresse s’ouvre dans un navigateur.',
  ),
  'upstream-clock': service(
    'TC-516',
    false,
    '{provider} refuses the signature because of its time. Set the clock of the machine that runs the proxy.',
    '{provider} 因时间不符拒绝签名。请校准运行代理的机器的时钟。',
    '{provider} refuse la signature à cause de son heure. Réglez l’horloge de la machine du proxy.',
  ),
  'outcome-unknown': service(
    'TC-517',
    false,
    '{provider} did not confirm it, and may have done it all the same. Look at the expert desk before you send it again.',
    '{provider} 未确认，操作可能已完成。重新发送前请先查看专家台。',
    '{provider} n’a pas confirmé, et l’a peut-être fait. Voyez le bureau des experts avant de renvoyer.',
  ),
  'credential-closed': service(
    'TC-518',
    false,
    'The credential for {provider} cannot be opened. Whoever runs the proxy puts back its key, or puts the credential in anew: npm run admin -- credentials set {provider}',
    '无法打开 {provider} 的凭证。请代理管理员恢复密钥，或重新输入：npm run admin -- credentials set {provider}',
    'L’identifiant pour {provider} ne s’ouvre pas. Qui gère le proxy remet sa clé, ou le redonne : npm run admin -- credentials set {provider}',
  ),
  'submit-unknown': service(
    'TC-519',
    false,
    'Whether {provider} took this question is not known, so it was not sent again. Nothing was charged: retry the failed rows once {provider} is well again.',
    '无法确认 {provider} 是否已受理此问题，因此未再次发送。未扣点：请在 {provider} 恢复后重试失败的行。',
    'On ne sait pas si {provider} a reçu cette question : elle n’a pas été renvoyée. Rien n’est facturé : relancez les lignes en échec quand {provider} ira mieux.',
  ),
  'proxy-unreachable': service(
    'TC-520',
    true,
    `The Tariffcell proxy is out of reach. Check the connection, then try again; in a cell ${AGAIN.en}.`,
    `无法连接 Tariffcell 代理。请检查网络后重试；在单元格中请${AGAIN.zh}。`,
    `Le proxy Tariffcell est injoignable. Vérifiez la connexion, puis réessayez ; dans une cellule, ${AGAIN.fr}.`,
  ),
  'proxy-timeout': service(
    'TC-521',
    true,
    `The Tariffcell proxy did not answer in time. Try again; in a cell ${AGAIN.en}.`,
    `Tariffcell 代理未及时响应。请重试；在单元格中请${AGAIN.zh}。`,
    `Le proxy Tariffcell n’a pas répondu à temps. Réessayez ; dans une cellule, ${AGAIN.fr}.`,
  ),
  'bad-reply': service(
    'TC-522',
    true,
    'The Tariffcell proxy’s reply could not be read. Check the proxy address in the pane.',
    '无法读取 Tariffcell 代理的回复。请在窗格检查代理地址。',
    'La réponse du proxy Tariffcell est illisible. Vérifiez son adresse dans le volet.',
  ),
  'no-answer-came': service(
    'TC-523',
    true,
    `The proxy’s reply left this cell out. In it ${AGAIN.en}.`,
    `代理的回复遗漏了此单元格。请在其中${AGAIN.zh}。`,
    `La réponse du proxy a omis cette cellule. Dans celle-ci, ${AGAIN.fr}.`,
  ),

  // The proxy does not start, or a command does not run.
  'folder-in-use': start(
    'TC-601',
    'Another Tariffcell proxy already uses the data folder {folder}. Stop it, or set DATA_DIR to another folder.',
    '另一个 Tariffcell 代理正在使用数据文件夹 {folder}。请停止它，或将 DATA_DIR 设为其他文件夹。',
    'Un autre proxy Tariffcell utilise déjà le dossier {folder}. Arrêtez-le ou changez DATA_DIR.',
  ),
  'folder-not-writable': start(
    'TC-602',
    'The data folder {folder} cannot be written: {detail}. Choose another with DATA_DIR.',
    '数据文件夹 {folder} 无法写入：{detail}。请用 DATA_DIR 另选。',
    'Le dossier {folder} n’est pas accessible en écriture : {detail}. Choisissez-en un autre avec DATA_DIR.',
  ),
  'bad-setting': start(
    'TC-603',
    'The setting {name} is not valid: {detail}.',
    '设置 {name} 无效：{detail}。',
    'Le réglage {name} n’est pas valable : {detail}.',
  ),
  'port-in-use': start(
    'TC-604',
    'Port {port} is already in use. Stop the other program, or set PORT to another number.',
    '端口 {port} 已被占用。请停止另一程序，或将 PORT 设为其他值。',
    'Le port {port} est déjà pris. Arrêtez l’autre programme ou changez PORT.',
  ),
  'database-newer': start(
    'TC-605',
    'The database was made by a newer Tariffcell (schema {found}, this one knows {known}). Update this program.',
    '数据库由更新版本的 Tariffcell 创建（架构 {found}，本版本支持 {known}）。请更新程序。',
    'La base vient d’un Tariffcell plus récent (schéma {found}, connu ici : {known}). Mettez à jour.',
  ),
  'database-broken': start(
    'TC-606',
    'The database {file} is damaged: {detail}. Put back a backup of the data folder.',
    '数据库 {file} 已损坏：{detail}。请恢复数据文件夹的备份。',
    'La base {file} est endommagée : {detail}. Restaurez une sauvegarde du dossier.',
  ),
  'model-broken': start(
    'TC-607',
    'The classifier model is missing or damaged: {detail}. Build it again with: npm run model',
    '分类模型缺失或损坏：{detail}。请用 npm run model 重新生成。',
    'Le modèle de classement est absent ou endommagé : {detail}. Reconstruisez-le : npm run model',
  ),
  'bad-line': start(
    'TC-608',
    'Line {line} is not a question: {detail}.',
    '第 {line} 行不是有效的问题：{detail}。',
    'La ligne {line} n’est pas une question : {detail}.',
  ),
  'not-a-formula': start(
    'TC-609',
    'Not a formula: {value}. Example: \'=HSRATE("6109100012","CA")\'.',
    '不是公式：{value}。例如：\'=HSRATE("6109100012","CA")\'。',
    'Pas une formule : {value}. Exemple : \'=HSRATE("6109100012","CA")\'.',
  ),
  'bad-command': start('TC-610', '{detail}', '{detail}', '{detail}'),
  'unknown-upstream': start(
    'TC-611',
    'There is no upstream "{value}". Known: {known}.',
    '没有上游“{value}”。可用：{known}。',
    'Pas de service « {value} ». Connus : {known}.',
  ),
  'bad-credential': start(
    'TC-612',
    'The credential for {provider} is not valid: {detail}.',
    '{provider} 的凭证无效：{detail}。',
    'L’identifiant pour {provider} n’est pas valable : {detail}.',
  ),
  'no-credential': start(
    'TC-613',
    'There is no credential for {provider}. Put one in with: npm run admin -- credentials set {provider}',
    '没有 {provider} 的凭证。请执行：npm run admin -- credentials set {provider}',
    'Pas d’identifiant pour {provider}. Ajoutez-le avec : npm run admin -- credentials set {provider}',
  ),
  'master-key': start(
    'TC-614',
    'The credentials cannot be opened: {detail}. Put back the key file {file}, or set MASTER_KEY to the key they were kept under.',
    '无法打开凭证：{detail}。请恢复密钥文件 {file}，或将 MASTER_KEY 设为原来的密钥。',
    'Les identifiants ne s’ouvrent pas : {detail}. Remettez le fichier {file}, ou donnez à MASTER_KEY la clé d’origine.',
  ),
  'database-unreachable': start(
    'TC-615',
    'The database at DATABASE_URL cannot be used: {detail}. Check the address, the user and that PostgreSQL runs.',
    '无法使用 DATABASE_URL 的数据库：{detail}。请检查地址、用户以及 PostgreSQL 是否运行。',
    'La base de DATABASE_URL est inutilisable : {detail}. Vérifiez l’adresse, l’utilisateur et que PostgreSQL tourne.',
  ),
  'database-moved': start(
    'TC-616',
    'The data in {folder} moved to PostgreSQL on {date}. Set DATABASE_URL to that database.',
    '{folder} 中的数据已于 {date} 迁移到 PostgreSQL。请将 DATABASE_URL 设为该数据库。',
    'Les données de {folder} sont passées à PostgreSQL le {date}. Donnez cette base à DATABASE_URL.',
  ),
  'bad-addin-address': start(
    'TC-617',
    'No add-in can be made for a proxy at "{value}": {why}. {remedy}',
    '无法为位于“{value}”的代理制作加载项：{why}。{remedy}',
    'Aucun complément ne peut être fait pour un proxy à « {value} » : {why}. {remedy}',
  ),
  'manifest-needs-https': start(
    'TC-618',
    'Excel takes an add-in from an https address only. Set PUBLIC_URL to the https address of this proxy, or start it for this machine with: npm start -- --https',
    'Excel 只接受 https 地址的加载项。请将 PUBLIC_URL 设为此代理的 https 地址，或在本机用 npm start -- --https 启动。',
    'Excel n’accepte un complément que d’une adresse https. Donnez celle de ce proxy à PUBLIC_URL, ou démarrez-le pour cette machine avec : npm start -- --https',
  ),
  'https-unavailable': start(
    'TC-619',
    'No https on this machine: {detail}. Start without --https, or behind a server that speaks TLS, with PUBLIC_URL set.',
    '本机无法使用 https：{detail}。请不带 --https 启动，或置于支持 TLS 的服务器之后并设置 PUBLIC_URL。',
    'Pas de https sur cette machine : {detail}. Démarrez sans --https, ou derrière un serveur TLS avec PUBLIC_URL.',
  ),
  'misread-command': start('TC-621', '{detail}', '{detail}', '{detail}'),
  'no-cells-here': start(
    'TC-622',
    'There are no cells here to read {value} from. Write the text itself, in quotes: {example}',
    '这里没有单元格可供读取 {value}。请在引号中写出文本：{example}',
    'Il n’y a pas de cellules ici où lire {value}. Écrivez le texte entre guillemets : {example}',
  ),
  'dist-not-writable': start(
    'TC-620',
    'The pages cannot be built: {folder} cannot be written ({detail}). Run it as a user who may write there, or from a copy that is yours.',
    '无法生成页面：{folder} 不可写（{detail}）。请用有写权限的用户运行，或使用您自己的副本。',
    'Impossible de construire les pages : {folder} n’est pas accessible en écriture ({detail}). Lancez-le sous un utilisateur qui peut y écrire, ou depuis votre copie.',
  ),
  'tariff-command': start('TC-623', '{detail}', '{detail}', '{detail}'),
  // The add-on does not get to Google.
  'not-a-script-id': start(
    'TC-630',
    '"{value}" {is}. Paste the Script ID (at script.google.com: your project > Project Settings > Script ID), or the address of that project as your browser shows it, which ends in /edit.',
    '“{value}”{is}。请粘贴脚本 ID（在 script.google.com：您的项目 > 项目设置 > 脚本 ID），或浏览器中该项目的地址（以 /edit 结尾）。',
    '« {value} » {is}. Collez l’ID du script (sur script.google.com : votre projet > Paramètres du projet > ID du script), ou l’adresse de ce projet dans votre navigateur, qui finit par /edit.',
  ),
  'clasp-not-installed': start(
    'TC-631',
    'clasp, which takes the add-on to Google, could not be installed: {detail}. Mend that, then run the command again.',
    '无法安装用于将插件上传到 Google 的 clasp：{detail}。请排除问题后重新运行命令。',
    'clasp, qui porte le module à Google, n’a pas pu être installé : {detail}. Corrigez cela, puis relancez la commande.',
  ),
  'google-login-needed': start(
    'TC-632',
    'Google does not know who you are, or no longer. Log in as somebody who may edit the script, then run the command again: npm run sheets:login',
    'Google 尚未识别您的身份，或登录已过期。请以有权编辑该脚本的账号登录，然后重新运行命令：npm run sheets:login',
    'Google ne sait pas, ou plus, qui vous êtes. Connectez-vous comme quelqu’un qui peut modifier le script, puis relancez la commande : npm run sheets:login',
  ),
  'apps-script-api-off': start(
    'TC-633',
    'Your Google account lets no program change scripts yet. Switch the Apps Script API on at script.google.com/home/usersettings, wait a minute, then run the command again.',
    '您的 Google 账号尚不允许程序修改脚本。请在 script.google.com/home/usersettings 启用 Apps Script API，稍等一分钟后重新运行命令。',
    'Votre compte Google ne laisse encore aucun programme modifier vos scripts. Activez l’API Apps Script sur script.google.com/home/usersettings, attendez une minute, puis relancez la commande.',
  ),
  'script-not-found': start(
    'TC-634',
    'Google has no script {id} that you may edit. Compare it with Project Settings > Script ID, or log in with another account: npm run sheets:login',
    'Google 上没有您可编辑的脚本 {id}。请与“项目设置 > 脚本 ID”核对，或用其他账号登录：npm run sheets:login',
    'Google n’a pas de script {id} que vous puissiez modifier. Comparez avec Paramètres du projet > ID du script, ou prenez un autre compte : npm run sheets:login',
  ),
  'wrong-addon-files': start(
    'TC-635',
    'Nothing was pushed: it would have been {found}, and the add-on is {wanted}. Remove what else lies in dist/sheets, or .clasp.json, and run the command again.',
    '未上传任何内容：将上传的是 {found}，而插件应为 {wanted}。请删除 dist/sheets 中的其他文件或 .clasp.json，然后重新运行命令。',
    'Rien n’a été envoyé : ç’aurait été {found}, or le module est {wanted}. Retirez ce qui traîne dans dist/sheets, ou .clasp.json, et relancez la commande.',
  ),
  'clasp-failed': start(
    'TC-636',
    'clasp {command} did not end well: {detail}. Mend that, then run the command again.',
    'clasp {command} 未成功：{detail}。请排除问题后重新运行命令。',
    'clasp {command} a échoué : {detail}. Corrigez cela, puis relancez la commande.',
  ),
  'option-missing': start(
    'TC-637',
    'npm run {command} needs {option}: {what}. For example: {example}',
    'npm run {command} 需要 {option}：{what}。例如：{example}',
    'Il manque {option} à npm run {command} : {what}. Par exemple : {example}',
  ),
  'option-unknown': start(
    'TC-638',
    'npm run {command} has no option {option}. It has {known}. What they are: npm run {command} -- --help',
    'npm run {command} 没有选项 {option}。可用：{known}。说明：npm run {command} -- --help',
    'npm run {command} n’a pas d’option {option}. Elle a {known}. Ce qu’elles sont : npm run {command} -- --help',
  ),
  'npm-kept-option': start(
    'TC-639',
    'npm kept {option} for itself, and the command did not get it. Write -- before the options: {example}',
    'npm 自己留下了 {option}，命令没有收到。请在选项前加上 --：{example}',
    'npm a gardé {option} pour lui, et la commande ne l’a pas reçue. Écrivez -- avant les options : {example}',
  ),
  'proxy-silent': start(
    'TC-640',
    'No proxy answers at {address}: {why}. See that it runs and that this address leads to it, then run the command again; or push all the same with --unchecked.',
    '{address} 没有代理应答：{why}。请确认代理正在运行且此地址通向它，然后重新运行命令；或用 --unchecked 仍然上传。',
    'Aucun proxy ne répond à {address} : {why}. Vérifiez qu’il tourne et que cette adresse y mène, puis relancez la commande ; ou envoyez quand même avec --unchecked.',
  ),
  'not-a-proxy': start(
    'TC-641',
    'What answers at {address} is not a Tariffcell proxy of this version: {why}. Compare the address, and open {address}/healthz in a browser to see it; or push all the same with --unchecked.',
    '{address} 的应答者不是此版本的 Tariffcell 代理：{why}。请核对地址，并在浏览器中打开 {address}/healthz 查看；或用 --unchecked 仍然上传。',
    'Ce qui répond à {address} n’est pas un proxy Tariffcell de cette version : {why}. Comparez l’adresse, et ouvrez {address}/healthz dans un navigateur pour voir ; ou envoyez quand même avec --unchecked.',
  ),
  'address-inside': start(
    'TC-642',
    '{host} is {found} here, an address of a private network, and Google asks from the internet. Open {address}/healthz on a phone outside of your network: if it does not come, the add-on will not work.',
    '{host} 在这里是 {found}，属于私有网络，而 Google 从互联网访问。请在您网络之外的手机上打开 {address}/healthz：打不开则插件无法工作。',
    '{host} est ici {found}, une adresse de réseau privé, et Google interroge depuis l’internet. Ouvrez {address}/healthz sur un téléphone hors de votre réseau : si rien ne vient, le module ne marchera pas.',
  ),
  'google-login-failed': start(
    'TC-643',
    'You are not logged in at Google. clasp said: {detail}. Run npm run sheets:login again, allow all that Google asks, and finish within ten minutes; on a machine without a browser: npm run sheets:login -- --no-localhost',
    '您尚未登录 Google。clasp 返回：{detail}。请重新运行 npm run sheets:login，允许 Google 请求的所有权限，并在十分钟内完成；在没有浏览器的计算机上：npm run sheets:login -- --no-localhost',
    'Vous n’êtes pas connecté à Google. clasp a dit : {detail}. Relancez npm run sheets:login, autorisez tout ce que Google demande, et finissez en dix minutes ; sur une machine sans navigateur : npm run sheets:login -- --no-localhost',
  ),
} as const satisfies Record<string, FailureSpec>

export type FailureName = keyof typeof FAILURES
/** A detail that is itself a phrase comes in every language. */
export type FailureDetails = Readonly<Record<string, string | number | Localised>>

/** An expected failure, as a value. It becomes a sentence only where a person reads it. */
export interface Failure {
  readonly failed: FailureName
  readonly details: FailureDetails
  /** Left out: in a cell of an add-in, in the pane, or where it makes no difference. */
  readonly place?: Place
}

export function failure(name: FailureName, details: FailureDetails = {}): Failure {
  return { failed: name, details }
}

/** The same failure, for whoever reads it there. */
export function readAt(place: Place, failed: Failure): Failure {
  return { ...failed, place }
}

export function isFailure(value: unknown): value is Failure {
  return typeof value === 'object' && value !== null && 'failed' in value
}

// Text that comes from a cell or an upstream is cut here, so that no sentence outgrows what Excel shows of a message.
const DETAIL_CHARACTERS_MAX = 160

/** The stable code and the sentence, e.g. `TC-402 No points left: recharge in the Tariffcell pane.` */
export function sentence(failed: Failure, language: Language = 'en'): string {
  const spec: FailureSpec = FAILURES[failed.failed]
  const localised = (failed.place && spec.elsewhere?.[failed.place]) ?? spec.sentence
  const text = localised[language].replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const given = failed.details[name] ?? ''
    const detail = typeof given === 'object' ? given[language] : String(given)
    return detail.length > DETAIL_CHARACTERS_MAX ? `${detail.slice(0, DETAIL_CHARACTERS_MAX - 1)}…` : detail
  })
  return `${spec.code} ${text.replaceAll(/\s+/g, ' ').trim()}`
}

export function failureCode(failed: Failure): string {
  return FAILURES[failed.failed].code
}

/** What a cell shows for a stable code on the wire; an unknown code is a service failure. */
export function kindOfCode(code: string): FailureKind {
  return Object.values(FAILURES).find((spec) => spec.code === code)?.kind ?? 'service'
}

/** Carries an expected failure across layers that cannot return it. */
export class FailureError extends Error {
  override name = 'FailureError'
  readonly failure: Failure
  constructor(failed: Failure, options?: ErrorOptions) {
    super(sentence(failed), options)
    this.failure = failed
  }
}
