# The guest of the demo profile: one boot sector for an x86 PC.
#
# It greets on COM1 and on the screen, echoes what is typed on either, and powers the machine
# off when q is typed. Built by `.ci/build-guest`; GNU as, Intel syntax.

        .intel_syntax noprefix
        .code16
        .globl  _start

        .set    COM1,        0x3f8      # data register; the others count from here
        .set    COM1_IER,    COM1 + 1   # which events interrupt
        .set    COM1_LCR,    COM1 + 3   # line format; bit 7 shows the divisor in the first two
        .set    COM1_MCR,    COM1 + 4   # modem lines
        .set    COM1_LSR,    COM1 + 5   # bit 0: a byte has come; bit 5: a byte can be sent
        .set    PIC,         0x20       # first interrupt controller; its mask is one port up
        .set    COM1_VECTOR, 0x0c * 4   # IRQ 4 in the real mode interrupt table
        .set    PM1A_CNT,    0x604      # ACPI power control of QEMU's `pc` and `q35`
        .set    POWER_OFF,   0x2000     # SLP_EN, with sleep type 0: soft off

_start:
        cli
        xor     ax, ax
        mov     ds, ax
        mov     ss, ax
        mov     sp, 0x7c00              # the stack grows down from this code
        ljmp    0, offset main          # some firmware jumps to 07c0:0000

main:
        cld
        mov     word ptr [COM1_VECTOR], offset on_serial
        mov     word ptr [COM1_VECTOR + 2], ax

        mov     ax, 0x0003              # text mode, 80x25; clears the screen
        int     0x10

        mov     dx, COM1_LCR            # 115200 baud, 8 bits, no parity, 1 stop bit
        mov     al, 0x80
        out     dx, al
        mov     dx, COM1
        mov     al, 1
        out     dx, al
        inc     dx
        xor     al, al
        out     dx, al
        mov     dx, COM1_LCR
        mov     al, 0x03
        out     dx, al
        mov     dx, COM1_MCR            # DTR, RTS, and OUT2, which lets interrupts through
        mov     al, 0x0b
        out     dx, al
        mov     dx, COM1_IER            # interrupt when a byte has come
        mov     al, 0x01
        out     dx, al
        in      al, PIC + 1             # let IRQ 4 through
        and     al, 0xef
        out     PIC + 1, al

        mov     si, offset greeting
        call    print

# Takes a byte from the keyboard or the serial line; sleeps while there is none.
next:
        sti
        mov     ah, 0x01                # is a key waiting? ZF: no
        int     0x16
        jz      serial
        mov     ah, 0x00
        int     0x16
        test    al, al                  # keys without a character, such as F1
        jz      next
        jmp     typed
serial:
        cli                             # a byte that comes from here on wakes the hlt
        mov     dx, COM1_LSR
        in      al, dx
        test    al, 0x01
        jnz     received
        sti
        hlt                             # until a key, a byte, or the timer's next tick
        jmp     next
received:
        mov     dx, COM1
        in      al, dx
        sti
typed:
        cmp     al, 'q'
        je      power_off
        call    put
        cmp     al, '\r'
        jne     next
        mov     al, '\n'
        call    put
        jmp     next

power_off:
        mov     si, offset farewell
        call    print
        mov     dx, PM1A_CNT
        mov     ax, POWER_OFF
        out     dx, ax
        jmp     next                    # a machine without this port stays on

# Writes the text at SI, which ends with a zero byte.
print:
        lodsb
        test    al, al
        jz      done
        call    put
        jmp     print
done:
        ret

# Writes the byte in AL to the serial line and to the screen; keeps AL.
put:
        push    ax
        mov     dx, COM1_LSR
busy:
        in      al, dx
        test    al, 0x20
        jz      busy
        pop     ax
        mov     dx, COM1
        out     dx, al
        push    ax
        mov     ah, 0x0e                # teletype, on page 0
        mov     bx, 0x0007
        int     0x10
        pop     ax
        ret

# The byte itself is read in the loop; the interrupt has only to end the hlt.
on_serial:
        push    ax
        mov     al, 0x20                # end of interrupt
        out     PIC, al
        pop     ax
        iret

greeting:
        .ascii  "qemutui demo guest: hello.\r\n"
        .asciz  "Type and it echoes; q powers off.\r\n"
farewell:
        .asciz  "\r\nPowering off.\r\n"

        .org    510                     # what the firmware looks for in a boot sector
        .byte   0x55, 0xaa
