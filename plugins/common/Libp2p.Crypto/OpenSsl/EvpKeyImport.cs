using System.Runtime.InteropServices;

namespace Libp2p.Crypto.OpenSsl;

/// <summary>Makes EVP_PKEYs of X25519 private keys. One context for that is kept: finding the algorithm costs five times as much as the key. Thread-safe.</summary>
internal static unsafe class EvpKeyImport
{
    private const uint OctetString = 5;
    private const int KeyPair = 0x87;

    private static nint _context; // whoever takes it has it alone

    /// <summary>
    /// The key, with a public half of zeros: given one, the library computes none, and an agreement has no need of it. Where the library insists on the real one it is computed.
    /// </summary>
    /// <param name="privateKey">32 bytes.</param>
    public static EvpKey Import(ReadOnlySpan<byte> privateKey)
    {
        fixed (byte* bytes = privateKey)
        {
            nint key = 0;
            var context = Interlocked.Exchange(ref _context, 0);
            if (context == 0)
            {
                context = NewContext();
            }

            if (context != 0)
            {
                key = TryImport(context, bytes);
                if (Interlocked.CompareExchange(ref _context, context, 0) != 0)
                {
                    LibCrypto.KeyContextFree(context);
                }
            }

            if (key == 0)
            {
                LibCrypto.ErrorsClear();
                key = LibCrypto.KeyNewPrivate(LibCrypto.X25519, 0, bytes, X25519PrivateKey.Size);
            }

            return new EvpKey(key);
        }
    }

    private static nint NewContext()
    {
        fixed (byte* name = "X25519\0"u8)
        {
            var context = LibCrypto.KeyContextNamed(0, name, null);
            if (context != 0 && LibCrypto.FromDataInit(context) != 1)
            {
                LibCrypto.KeyContextFree(context);
                return 0;
            }

            return context;
        }
    }

    private static nint TryImport(nint context, byte* privateKey)
    {
        var zeros = stackalloc byte[X25519PrivateKey.Size];
        new Span<byte>(zeros, X25519PrivateKey.Size).Clear();
        nint key = 0;
        fixed (byte* secret = "priv\0"u8, open = "pub\0"u8)
        {
            var parameters = stackalloc Parameter[3];
            parameters[0] = new Parameter { Name = secret, Type = OctetString, Data = privateKey, Size = X25519PrivateKey.Size, Returned = nuint.MaxValue };
            parameters[1] = new Parameter { Name = open, Type = OctetString, Data = zeros, Size = X25519PrivateKey.Size, Returned = nuint.MaxValue };
            parameters[2] = default;
            return LibCrypto.FromData(context, &key, KeyPair, parameters) == 1 ? key : 0;
        }
    }

    /// <summary>An OSSL_PARAM.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Parameter
    {
        public byte* Name;
        public uint Type;
        public void* Data;
        public nuint Size;
        public nuint Returned;
    }
}
