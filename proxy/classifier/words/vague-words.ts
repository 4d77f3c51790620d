/** Words that name no goods, in the folded form of a token; Chinese as whole runs. */

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(/\s+/u).filter(Boolean))
}

/** They belong to something, and follow it. */
export const PART_WORDS = words(`
  part parts spare spares sparepart spareparts accessory accessories component components replacement replacements
  piece pieces partie parties detachee detachees accessoire accessoires composant composants rechange
  零件 配件 附件 部件 零部件 备件 零配件 配件及零件
`)

/** They stand for whatever is in the box. */
export const EMPTY_WORDS = words(`
  gift gifts present presents sample samples specimen good goods merchandise commodity commodities stuff thing things misc
  miscellaneous sundries personal effect effects belonging belongings household property document documents paperwork cargo parcel
  package packages shipment consignment contents content general unspecified unknown none na tbc test surprise souvenir souvenirs
  commercial noncommercial value customs purpose purposes order returned return
  cadeau cadeaux echantillon echantillons marchandise marchandises divers effets personnels colis produit produits
  礼品 礼物 样品 商品 货物 物品 产品 杂货 杂物 个人物品 文件 其他 其它
`)

/** Containers are goods even where they only hold the gift: "gift box", "sample bag". */
export const CONTAINERS_SOLD = words('box boxes bag bags')
