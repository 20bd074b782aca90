console.log(/original\.ts/.test(new Error('x').stack));
//# sourceMappingURL=data:application/json;base64,eyJ2ZXJzaW9uIjogMywgInNvdXJjZXMiOiBbIm9yaWdpbmFsLnRzIl0sICJuYW1lcyI6IFtdLCAibWFwcGluZ3MiOiAiQUFBQSJ9
