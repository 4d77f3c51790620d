/** A lexicon small enough to be trained in a test: five kinds of goods under three headings of two chapters. */
import { readLexicon, type Lexicon } from '../../../proxy/classifier/lexicon.ts'

export const TOY_61 = `61 | Knitted clothing | 针织服装 | Vêtements en maille

6109 | T-shirts, knitted | 针织T恤衫 | T-shirts en maille

610910 | Cotton T-shirts | 棉制T恤衫 | T-shirts en coton
  cotton t-shirt; plain cotton tee; mens cotton crew neck t-shirt;
  kids graphic tee of cotton; white tee 100% cotton

610990 | T-shirts of other fibres | 其他材料T恤衫 | T-shirts en autres fibres
  polyester t-shirt; polyester sports tee; quick dry polyester running shirt; viscose tee

6115 | Socks and hosiery | 袜子 | Chaussettes et bas

611595 | Cotton socks | 棉制短袜 | Chaussettes en coton
  cotton socks; ankle socks; mens dress socks; baby socks with grips
`

export const TOY_85 = `85 | Electrical machinery | 电气设备 | Machines électriques

8513 | Portable lamps | 手提式电灯 | Lampes portatives

851310 | Torches and head lamps | 手电筒 | Lampes de poche
  torch; flashlight; led head torch; rechargeable headlamp for camping
  zh: 手电筒; LED头灯
  fr: lampe de poche

851390 | Parts of portable lamps | 手电筒零件 | Parties de lampes portatives
  torch parts; lens for flashlight; flashlight switch; spare reflector for torch
`

export function toyLexicon(): Lexicon {
  return readLexicon([
    ['61.txt', TOY_61],
    ['85.txt', TOY_85],
  ])
}
