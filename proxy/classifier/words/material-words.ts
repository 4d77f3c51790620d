/** What goods are made of. A material before a noun parts subheadings; alone it seldom is the goods. */
export const MATERIAL_WORDS: ReadonlySet<string> = new Set(
  `
  acrylic alloy alpaca aluminum aluminium angora bamboo brass bronze canvas carbon cardboard cashmere ceramic chenille chrome
  clay concrete copper cork cotton crystal denim diamond earthenware elastane enamel epoxy eva felt fabric fiber fibre fiberglass
  fibreglass flannel fleece foam fur glass gold granite graphite hemp iron jade jute lace latex leather leatherette linen lycra
  marble melamine merino mesh metal microfiber microfibre mohair neoprene nickel nylon oak paper pe pearl pet pine plaster plastic
  platinum plywood polyamide polycarbonate polyester polyethylene polypropylene polyurethane porcelain pp ps pu pvc ramie
  rattan rayon resin rubber satin sherpa silicone silk silver slate spandex stainless steel sterling stone stoneware straw suede synthetic
  tencel terracotta textile tin titanium tpu tpe velvet vinyl viscose wicker wood wooden wool woollen woolen zinc zirconia
  abs mdf hdpe ldpe vegan faux artificial bois verre acier coton laine soie cuir plastique caoutchouc papier fer cuivre lin
  `
    .split(/\s+/u)
    .filter(Boolean),
)
