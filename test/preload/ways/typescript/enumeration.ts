enum Colour {
  Red,
  Green,
}
console.log(Colour.Green);
console.log(new Error('here').stack?.split('\n')[1]);
