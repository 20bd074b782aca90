#ifndef MAYEXEC_RUN_MESSAGE_H
#define MAYEXEC_RUN_MESSAGE_H

/* One line on standard error at a time: begin, any number of texts, end. */
void message_begin(void);
void message_text(const char *text);
void message_end(void);

/* "mayexec: " and the texts. */
#define say(...) say_texts((const char *const[]){__VA_ARGS__, 0})
void say_texts(const char *const *texts);

/* The name of a negative errno. */
const char *errno_code(int error);

/* The texts "BEFORE CODE: text, CALL 'PATH'", for a negative errno; a null path is left out. */
struct error_texts {
  const char *list[10];
};
struct error_texts texts_of_error(const char *before, int error, const char *call,
                                  const char *path);

/* "mayexec: " and these texts. */
void say_error(const char *before, int error, const char *call, const char *path);

/* Writes all of it to standard output. 0, or -errno. */
int print(const char *text);

#endif
