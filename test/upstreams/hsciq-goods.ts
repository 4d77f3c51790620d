/**
 * What the simulated HSCIQ knows: some goods under our own names, each with one line of the Chinese, the Japanese and the American
 * tariff as printed in 2026. `CN | code | units | MFN | general | provisional | VAT`, `JP | code | units | general | temporary | WTO |
 * RCEP China | Vietnam`, `US | code | units | general | special | column 2`.
 */
const BOOK = `
# bicycle; 自行车
CN | 8712002000 |  | 7% | 130% |  | 13%
JP | 871200310 | NO | 無税 |  | (無税) | 無税 | 無税
US | 8712001510 | No. | 11% | Free (A+,AU,BH,CL,CO,D,E,IL,JO,KR,MA,OM,P,PA,PE,S,SG) 5.5% (JP) | 30%
# plastic hose; 塑料软管
CN | 3917320000 |  | 6.5% | 45% |  | 13%
JP | 391732010 | KG | 5.4% |  | 4.4% | 2% | 無税
US | 3917320010 | kg | 3.1% | Free (A*,AU,B,BH,CL,CO,D,E,IL,JO,KR,MA,OM,P,PA,PE,S,SG) | 25%
# phone case; 手机壳
CN | 3926909090 |  | 10% | 80% |  | 13%
JP | 392690010 | KG | 無税 |  | (無税) | 無税 | 無税
US | 3926901000 | No. | 3.4% | Free (A,AU,BH,CL,CO,D,E,IL,JO,KR,MA,OM,P,PA,PE,S,SG) | 80%
# t-shirt; T恤
CN | 6109100000 |  | 6% | 90% |  | 13%
JP | 610910010 | NO,KG | 10.9% |  | (10.9%) | 6.8% | 無税
US | 6109100004 | doz.,kg | 16.5% | Free (AU,BH,CL,CO,IL,JO,KR,MA,OM,P,PA,PE,S,SG) | 90%
# salmon; 三文鱼
CN | 0302141000 |  | 10% | 40% | 7% | 9%
JP | 030214000 | KG | 5% |  | 3.5% |  |
US | 0302140003 | kg | Free |  | 4.4¢/kg
# laptop; 笔记本电脑
CN | 8471301000 |  | 0% | 70% |  | 13%
JP | 847130000 | NO | 無税 |  | (無税) | 無税 | 無税
US | 8471300100 | No. | Free |  | 35%
# mouse; 鼠标
CN | 8471604000 |  | 0% | 14% |  | 13%
JP | 847160000 | NO | 無税 |  | (無税) | 無税 | 無税
US | 8471601010 | No. | Free |  | 35%
# headphones; 耳机
CN | 8518300000 |  | 0% | 40% |  | 13%
JP | 851830000 | NO,KG | 無税 |  | (無税) | 無税 | 無税
US | 8518301000 | No. | Free |  | 35%
# smartphone; 智能手机
CN | 8517130000 |  | 0% | 20% |  | 13%
JP | 851713000 | NO | 無税 |  | (無税) | 無税 | 無税
US | 8517130000 | No. | Free |  | 35%
# wrist watch; 手表
CN | 9102110000 |  | 10% | 100% |  | 13%
JP | 910211000 | NO | 無税 |  | (無税) | 無税 | 無税
US | 91021110 |  | 44¢ each + 6% on the case + 14% on the strap, band or bracelet + 5.3% on the battery | Free (AU,BH, CL,CO,D,E,IL,JO,KR,MA,OM,P, PA,PE,R,S,SG) | $1.90 each + 45% on the case + 110% on the strap, band or bracelet + 35% on the battery
# sports shoe; 运动鞋
CN | 6404110000 |  | 10% | 100% |  | 13%
JP | 640411000 | PR,KG | 10% |  | 8% | 5.7% | 無税
US | 6404112030 | prs. | 10.5% | Free (AU,BH, CL,CO,D,E,IL, JO,KR,MA, OM,P,PA,PE, R,S,SG) | 35%
# handbag; 手提包
CN | 4202220000 |  | 6% | 100% |  | 13%
JP | 420222100 | NO,KG | 20% |  | 16% | 10% | 無税
US | 4202221500 | No. | 16% | Free (A,AU,BH,CL,CO,D,IL, JO,KR,MA,NP,OM,P,PA,PE,R,S,SG) 15% (E) | 45%
# umbrella; 雨伞
CN | 6601990000 |  | 4% | 130% |  | 13%
JP | 660199000 | NO,KG | 6.4% |  | 4.3% | 2.7% | 無税
US | 6601990000 | doz. | 8.2% | Free (A,AU,BH,CL,CO,D,E,IL,JO,KR,MA,OM,P,PA,PE,S,SG) | 40%
# toy; 玩具
CN | 9503001000 |  | 0% | 80% |  | 13%
JP | 950300000 | KG | 無税 |  | (無税)〜(3.9%) | 無税〜(2.4%)又は非譲許 | 無税
US | 9503000011 | No. | Free |  | 70%
# chair; 椅子
CN | 9401790000 |  | 0% | 100% |  | 13%
JP | 940179010 | NO,KG | 3.8% |  | 無税 | 無税 | 無税
US | 9401790001 | No. | Free |  | 45%
# coffee; 咖啡
CN | 0901210000 |  | 15% | 80% |  | 13%
JP | 090121000 | KG | 20% |  | 12% | 7.5% | 無税
US | 0901210015 | kg | Free |  | Free
# tea; 茶叶
CN | 0902301000 |  | 15% | 100% |  | 9%
JP | 090230010 | KG | 20% |  | 12% |  | 無税
US | 0902300015 | kg | Free |  | Free
# chocolate; 巧克力
CN | 1806900000 |  | 8% | 50% |  | 13%
JP | 180690100 | KG | 10% |  | (10%) |  |
US | 1806900100 | kg | 3.5% | Free (A*,AU,BH,CL,CO,D,E,IL,JO,JP,KR,MA,OM,P,PA,PE,S,SG) | 40%
# wine; 葡萄酒
CN | 2204210000 |  | 14% | 180% |  | 13%
JP | 220421010 | L | 123.20円/l |  | 112円/l | 50.91円/l |
US | 2204212000 | liters | 19.8¢/liter | Free (A+,AU,BH,CL,CO,D,E,IL,KR,MA,OM,P,PA,PE,S,SG) 8.8¢/liter (JO) | $1.59/liter
# honey; 蜂蜜
CN | 0409000000 |  | 15% | 80% |  | 9%
JP | 040900000 | KG | 30% |  | 25.5% |  | 関税割当数量以内のもの 12.8%
US | 0409000005 | kg | 1.9¢/kg | Free (A+,AU,BH,CL,CO,D,E, IL,JO,KR,MA,OM,P,PA,PE,S, SG) | 6.6¢/kg
# acetone; 丙酮
CN | 2914110000 |  | 5.5% | 20% |  | 13%
JP | 291411000 | KG | 3.9% |  | (3.9%) | 無税 | 無税
US | 2914111000 | kg | 5.5% | Free (A+,AU,BH,CL,CO,D,E,IL,JO,KR,MA,OM,P,PA,PE,S,SG) | 15.4¢/kg + 60%
# ethanol; 乙醇
CN | 2207100000 |  | 40% | 100% |  | 13%
JP | 220710121 | L | ◎無税 |  | (27.2%) | 無税 | 無税
US | 2207103000 | pf.liters | 18.9¢/pf.liter | Free (A*,AU,BH,CL,CO,D,E,IL,JO,KR,MA,OM,P,PA,PE,S,SG) | $1.32/pf. liter
# soap; 肥皂
CN | 3401110010 |  | 6.5% | 130% |  | 13%
JP | 340111000 | KG | 5.5% |  | 無税 | 無税 | 無税
US | 3401111000 | kg | Free |  | 15%
# shampoo; 洗发水
CN | 3305100010 |  | 3% | 150% |  | 13%
JP | 330510000 | KG (I.I.) | 5.8% |  | 無税 | 無税 | 無税
US | 3305100000 | kg | Free |  | 75%
# perfume; 香水
CN | 3303000010 |  | 3% | 150% |  | 13%
JP | 330300000 | KG (I.I.) | 5.3% |  | 無税 | 無税 | 無税
US | 3303001000 | liters | Free |  | 20%
# tyre; 轮胎
CN | 4011100000 |  | 10% | 50% |  | 13%
JP | 401110010 | NO,KG | 無税 |  | (無税) | 無税 | 無税
US | 4011101010 | No. | 4% | Free (A*,AU,BH,CL,CO,D,E,IL,JO,KR,MA,OM,P,PA,PE,S,SG) | 10%
# glass tumbler; 玻璃杯
CN | 7013370000 |  | 7% | 100% |  | 13%
JP | 701337000 | KG | 4.6% |  | 3.1% | 1.4% | 無税
US | 7013370500 | No. | 12.5% | Free (A+,AU,BH,CL,CO,D,E,IL,JO,KR,MA,OM,P,PA,PE,S,SG) | 50%
# porcelain cup; 瓷杯
CN | 6911101100 |  | 7% | 100% |  | 13%
JP | 691110000 | KG | 3.4% |  | 2.3% | 1% | 無税
US | 6911101000 | Dz Pcs | 25% | Free (A+,AU,BH,CL,CO,D,E,IL,JO,KR,MA,OM,P,PA,PE,S,SG) | 75%
# screw; 螺钉
CN | 7318151001 |  | 8% | 80% |  | 13%
JP | 731815011 | KG | 3.4% |  | 2.8% | 1.3% | 無税
US | 7318152010 | kg | Free |  | 3.5%
# padlock; 挂锁
CN | 8301100000 |  | 7% | 80% |  | 13%
JP | 830110000 | KG | 4.1% |  | 2.7% | 1.2% | 無税
US | 8301102000 | doz. | 2.3% | Free (A+,AU,BH,CL,CO,D,E, IL,JO,KR,MA,OM,P,PA, PE,S,SG) | 39.5%
# knife; 刀
CN | 8211920000 |  | 7% | 80% |  | 13%
JP | 821192000 | NO,KG | 4.4% |  | 3.7% | 1.7% | 無税
US | 8211922000 | No. | 0.8¢ each + 4.6% | Free (A*,AU,BH,CL,CO,D,E,IL,JO,KR,MA,OM,P,PA,PE,S,SG) | 8¢ each + 45%
# drill; 电钻
CN | 8467210000 |  | 8% | 30% |  | 13%
JP | 846721000 | NO,KG | 無税 |  | (無税) | 無税 | 無税
US | 8467210010 | No. | 1.7% | Free (A,AU,BH,CL,CO,D,E,IL,JO,KR,MA,OM,P,PA,PE,S,SG) | 35%
# pump; 水泵
CN | 8413701010 |  | 8% | 40% |  | 9%
JP | 841370010 | NO,KG | 無税 |  | (無税) | 無税 | 無税
US | 8413701000 | No. | Free |  | 35%
# valve; 阀门
CN | 8481802110 |  | 7% | 30% |  | 13%
JP | 848180010 | NO,KG | 無税 |  | (無税) | 無税 | 無税
US | 8481801020 | No.,kg | 4% | Free (A*,AU,B,BH,CL,CO,D,E,IL,JO,KR,MA,OM,P,PA,PE,S,SG) | 47%
# charger; 充电器
CN | 8504401300 |  | 0% | 40% |  | 13%
JP | 850440010 | NO,KG | 無税 |  | (無税) | 無税 | 無税
US | 8504404000 | No. | Free |  | 35%
# lithium battery; 锂电池
CN | 8507600020 |  | 10% | 40% |  | 13%
JP | 850760000 | NO,KG | 無税 |  | (無税) | 無税 | 無税
US | 8507600010 | No.,kg | 3.4% | Free (A,AU,B,BH,C,CL,CO,D,E,IL,JO,KR,MA,OM,P,PA,PE,S,SG) | 40%
# cable; 电缆
CN | 8544421100 |  | 0% | 20% |  | 13%
JP | 854442010 | KG | 無税 |  | (無税) | 無税 | 無税
US | 8544421000 | No. | Free |  | 35%
# camera; 相机
CN | 8525891110 |  | 0% | 17% |  | 13%
JP | 852589000 | NO,KG | 無税 |  | (無税) | 無税 | 無税
US | 8525891000 | No. | Free |  | 35%
# television; 电视机
CN | 8528721100 |  | 10% | 130% |  | 13%
JP | 852872010 | NO | 無税 |  | (無税) | 無税 | 無税
US | 8528720400 | No. | Free |  | 25%
# sunglasses; 太阳镜
CN | 9004100000 |  | 7% | 100% |  | 13%
JP | 900410000 | NO | 6.4% |  | 5.3% | 3.3% | 無税
US | 9004100000 | doz. | 2% | Free (A,AU,BH,CL,CO,D,E,IL,JO,JP,KR,MA,OM,P,PA,PE,S,SG) | 40%
# book; 书
CN | 4901990000 |  | 0% | 0% |  | 9%
JP | 490199000 | KG | 無税 |  | (無税) | 無税 | 無税
US | 4901990010 | No. | Free |  | Free
# ballpoint pen; 圆珠笔
CN | 9608100000 |  | 8% | 80% |  | 13%
JP | 960810010 | NO | 無税 |  | (無税) | 無税 | 無税
US | 9608100000 | No. | 0.8¢ each + 5.4% | Free (A,AU,BH,CL,CO,D,E,IL,JO,KR,MA,OM,P,PA,PE,S,SG) | 6¢ each + 40%
# towel; 毛巾
CN | 6302601010 |  | 6% | 90% |  | 13%
JP | 630260000 | DZ,KG | 9% |  | 7.4% | 4.6% | 無税
US | 6302600010 | No.,kg | 9.1% | Free (AU,BH, CL,CO,IL,JO,KR, MA,OM,P, PA,PE,S,SG) | 40%
# jeans; 牛仔裤
CN | 6203421000 |  | 6% | 90% |  | 13%
JP | 620342100 | NO,KG | 16% |  | 10% | 6.3% | 無税
US | 6203420300 | doz.,kg | Free |  | 60%
# fresh cheese; 鲜奶酪
CN | 0406100000 |  | 12% | 90% |  | 13%
JP | 040610010 | KG | 35% | ◎無税 | 29.8% |  |
US | 0406100200 | kg | 10% | Free (A,AU,BH,CL,CO,D,E,IL,JO,KR,MA,OM,P,PA,PE,S,SG) | 35%
# sugar; 糖
CN | 1701991010 |  | 15% | 125% |  | 13%
JP | 170199100 | MT | (63.50円/kg) | 39.98円/kg | **(106.20円/kg) |  |
US | 1701990500 | kg | 3.6606¢/kg less 0.020668¢/kg for each degree under 100 degrees (and fractions of a degree in proportion) but not less than 3.143854¢/kg | Free (A*,AU,BH,CL,CO,D,E*,IL,JO,KR,MA,OM,P,PA,PE,S,SG) | 6.58170¢/kg less 0.0622005¢ /kg for each degree under 100 degrees (and fractions of a degree in proportion) but not less than 5.031562¢ /kg
`

export const HSCIQ_COUNTRIES = ['CN', 'JP', 'US'] as const
export type HsciqCountry = (typeof HSCIQ_COUNTRIES)[number]

export interface HsciqLine {
  country: HsciqCountry
  code: string
  units: string[]
  /** In the order of the book above; '' where nothing is printed. */
  rates: string[]
  goods: HsciqGoods
}

export interface HsciqGoods {
  english: string
  chinese: string
  lines: HsciqLine[]
}

/** The goods in the order of the book. */
export const HSCIQ_GOODS: readonly HsciqGoods[] = readBook(BOOK)

function readBook(book: string): HsciqGoods[] {
  return book
    .split('# ')
    .slice(1)
    .map((entry) => {
      const [names = '', ...lines] = entry.trim().split('\n')
      const [english = '', chinese = ''] = names.split('; ')
      const goods: HsciqGoods = { english, chinese, lines: [] }
      for (const line of lines) {
        const [country = '', code = '', units = '', ...rates] = line.split('|').map((part) => part.trim())
        goods.lines.push({
          country: country as HsciqCountry,
          code,
          units: units === '' ? [] : units.split(','),
          rates,
          goods,
        })
      }
      return goods
    })
}

/** All lines of one country, in the order of the book. */
export function linesOf(country: HsciqCountry): HsciqLine[] {
  return HSCIQ_GOODS.flatMap(({ lines }) => lines.filter((line) => line.country === country))
}
