const word: string = 'types';
console.log(word);
