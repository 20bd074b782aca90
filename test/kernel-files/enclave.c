/* A shared object such as an enclave's: its loader maps it and copies its pages to the driver. */
__attribute__((section(".note.sgxmeta"), used)) static const char metadata[] = "sgx_metadata";

int ecall(int number) { return number + 1; }
