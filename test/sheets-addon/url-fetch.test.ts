import { expect, test } from 'vitest'
import { failureOfFetch } from '../../sheets-addon/url-fetch.ts'

test('that the day’s requests are used up is told in whatever language Google says it, and from a proxy out of reach', () => {
  for (const message of [
    'Service invoked too many times for one day: urlfetch.',
    'Service appelé trop de fois en une journée : urlfetch.',
    '一天内调用服务次数过多：urlfetch。',
    'Bandwidth quota exceeded',
  ])
    expect(failureOfFetch(new Error(message)).failed).toBe('sheets-quota')
  for (const message of ['DNS error: https://hs.example.com', 'You do not have permission to call UrlFetchApp.fetch'])
    expect(failureOfFetch(new Error(message)).failed).toBe('proxy-unreachable')
})
