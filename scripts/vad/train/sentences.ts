/** What the synthesizers say: templates with gaps, so that a sentence is hardly ever said twice. */
import type { Chance } from './chance.ts'

export const LANGUAGES = ['en', 'de', 'fr', 'es', 'it', 'pt', 'nl', 'pl', 'sv', 'ru', 'tr', 'cs', 'fi'] as const
export type Language = (typeof LANGUAGES)[number]

const NAMES =
  'Anna,Ben,Carlos,Diana,Emil,Fatima,George,Hannah,Ivan,Julia,Kevin,Laura,Martin,Nora,Oscar,Paula,Quentin,Rosa,Stefan,Teresa,Victor,Wanda,Miller,Garcia,Rossi,Schmidt,Dupont,Novak,Jensen,Smith,Brown,Johnson'.split(
    ',',
  )

/** {name}, {number} (as digits, so that every voice counts in its own language), {digits}, {word} (a short answer) */
const TEXTS: Record<Language, { words: string; sentences: string[] }> = {
  en: {
    words: 'yes,no,okay,sure,hello,mhm,right,thanks,maybe,stop,exactly,bye,wait,um,what,great,tomorrow,never,please',
    sentences: [
      'Hello, this is {name} speaking.',
      'Can you call me back on {digits}?',
      'I would like to move my appointment to the {number} of May.',
      'Sorry, I did not catch that. Could you say it again?',
      'My order number is {digits}, and it has not arrived yet.',
      'No, that is not what I asked for.',
      'We have about {number} people in the office, and most of them work from home.',
      'I am not interested, please take me off your list.',
      'Let me check with {name}, hold on a second.',
      'It costs {number} dollars, which is more than we wanted to pay.',
      'The quick fox jumps over the fence while she sells fresh fish.',
      'Who is calling, and what is this about?',
      'The address is {number} Church Street, second floor, next to the bakery.',
      'Yeah, well, I think we should talk about it next week.',
      'Is {name} there? I have tried {number} times already.',
      'Thank you very much for your help, have a nice day.',
      'You have reached {name}. Please leave a message after the tone.',
      'Why would anybody choose such a strange measure?',
      'I usually finish at {number}, so any time after that is fine.',
    ],
  },
  de: {
    words: 'ja,nein,gut,hallo,genau,vielleicht,danke,bitte,moment,tschüss',
    sentences: [
      'Guten Tag, hier spricht {name}.',
      'Können Sie mich unter {digits} zurückrufen?',
      'Das kostet {number} Euro, das ist mir zu teuer.',
      'Ich hätte gern einen Termin am {number} März.',
      'Nein, das habe ich nicht bestellt.',
      'Einen Augenblick, ich schaue kurz nach.',
    ],
  },
  fr: {
    words: 'oui,non,bonjour,merci,peut-être,attendez,bien sûr,au revoir,voilà',
    sentences: [
      'Bonjour, je voudrais parler à {name}.',
      'Mon numéro est le {digits}.',
      'Je ne comprends pas, vous pouvez répéter ?',
      'Il faut compter {number} euros par mois.',
      'On se retrouve demain à {number} heures devant la gare.',
    ],
  },
  es: {
    words: 'sí,no,hola,gracias,claro,bueno,adiós,espere,quizás',
    sentences: [
      'Buenos días, le llamo de parte de {name}.',
      'Mi teléfono es el {digits}.',
      'No me interesa, muchas gracias.',
      'Necesito cambiar la cita para el día {number}.',
      '¿Cuánto cuesta? Creo que son {number} euros.',
    ],
  },
  it: {
    words: 'sì,no,pronto,grazie,certo,forse,va bene,arrivederci,un attimo',
    sentences: [
      'Pronto, chi parla?',
      'Vorrei parlare con {name}, per favore.',
      'Il mio numero è {digits}.',
      'Ci vediamo alle {number} davanti alla stazione.',
      'Non ho capito, può ripetere per cortesia?',
    ],
  },
  pt: {
    words: 'sim,não,olá,obrigado,talvez,claro,tchau,espere',
    sentences: [
      'Bom dia, aqui fala {name}.',
      'O meu número é {digits}.',
      'São {number} reais por mês, não é?',
      'Não estou interessado, obrigado.',
    ],
  },
  nl: {
    words: 'ja,nee,hallo,bedankt,misschien,goed,precies,dag',
    sentences: [
      'Goedemorgen, u spreekt met {name}.',
      'Mijn nummer is {digits}.',
      'Dat kost {number} euro, geloof ik.',
      'Kunt u dat nog een keer zeggen?',
    ],
  },
  pl: {
    words: 'tak,nie,cześć,dziękuję,może,dobrze,proszę,chwileczkę',
    sentences: ['Dzień dobry, mówi {name}.', 'Mój numer to {digits}.', 'Proszę oddzwonić jutro o {number}.'],
  },
  sv: {
    words: 'ja,nej,hej,tack,kanske,precis,vänta',
    sentences: ['Hej, det är {name}.', 'Mitt nummer är {digits}.', 'Vi kan ses klockan {number} på måndag.'],
  },
  ru: {
    words: 'да,нет,алло,спасибо,хорошо,пожалуйста,подождите',
    sentences: ['Здравствуйте, это {name}.', 'Мой номер {digits}.', 'Перезвоните мне завтра после {number}.'],
  },
  tr: {
    words: 'evet,hayır,merhaba,tamam,belki,lütfen',
    sentences: ['Merhaba, ben {name}.', 'Numaram {digits}.', 'Yarın saat {number} gibi arayın lütfen.'],
  },
  cs: {
    words: 'ano,ne,dobrý den,děkuji,možná,prosím',
    sentences: ['Dobrý den, tady {name}.', 'Moje číslo je {digits}.', 'Zavolejte mi prosím v {number} hodin.'],
  },
  fi: {
    words: 'kyllä,ei,hei,kiitos,ehkä,hetkinen',
    sentences: ['Hei, täällä puhuu {name}.', 'Numeroni on {digits}.', 'Voimme tavata kello {number} huomenna.'],
  },
}

/** One utterance: a short word in about a third of the cases, else one or two sentences. */
export function utterance(chance: Chance, language: Language): string {
  const { words, sentences } = TEXTS[language]
  const word = () => chance.pick(words.split(','))
  if (chance.happens(0.12)) return String(chance.whole(0, chance.pick([9, 99, 9_999])))
  if (chance.happens(0.2)) return word()
  const digits = () => Array.from({ length: chance.whole(3, 8) }, () => chance.whole(0, 9)).join(' ')
  const fill = (text: string) =>
    text
      .replace('{name}', () => chance.pick(NAMES))
      .replace('{number}', () => String(chance.whole(1, 99)))
      .replace('{digits}', digits)
  const sentence = fill(chance.pick(sentences))
  if (chance.happens(0.15)) return `${word()}, ${sentence}`
  return chance.happens(0.2) ? `${sentence} ${fill(chance.pick(sentences))}` : sentence
}
