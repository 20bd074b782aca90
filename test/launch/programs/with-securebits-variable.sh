# with-securebits-variable.sh VALUE WORD...: sets the variable, in a way that no search of the words
# finds, and becomes a command.
export MAYEXEC_SECUREBITS="$1"
shift
exec "$@"
