using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Libp2p.Crypto.OpenSsl;

/// <summary>
/// The functions of OpenSSL 3's libcrypto used here, found at run time. Calls that last well under a microsecond go without a GC transition, which
/// would cost as much as they do.
/// </summary>
internal static unsafe class LibCrypto
{
    public const int X25519 = 1034;
    public const int ControlGetTag = 0x10;
    public const int ControlSetTag = 0x11;

    private const ulong InitNoAtExit = 0x0008_0000;

    public static readonly bool IsLoaded;
    public static readonly string WhyNot = "not found";
    public static readonly string Version = "";

    /// <summary>The ChaCha20-Poly1305 algorithm, fetched once: looking it up by each key would cost more than a small record.</summary>
    public static readonly nint ChaCha20Poly1305;

    public static readonly delegate* unmanaged[Cdecl]<nint> CipherContextNew;
    public static readonly delegate* unmanaged[Cdecl]<nint, void> CipherContextFree;
    public static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, nint, nint, byte*, byte*, int, int> CipherInit;
    public static readonly delegate* unmanaged[Cdecl]<nint, byte*, int*, byte*, int, int> CipherUpdate;
    public static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, byte*, int*, byte*, int, int> CipherUpdateShort;
    public static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, byte*, int*, int> CipherFinal;
    public static readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, int, void*, int> CipherControl;

    public static readonly delegate* unmanaged[Cdecl]<int, nint, byte*, nuint, nint> KeyNewPrivate;
    public static readonly delegate* unmanaged[Cdecl]<int, nint, byte*, nuint, nint> KeyNewPublic;
    public static readonly delegate* unmanaged[Cdecl]<nint, void> KeyFree;
    public static readonly delegate* unmanaged[Cdecl]<nint, nint, nint> KeyContextNew;
    public static readonly delegate* unmanaged[Cdecl]<nint, void> KeyContextFree;
    public static readonly delegate* unmanaged[Cdecl]<nint, byte*, byte*, nint> KeyContextNamed;
    public static readonly delegate* unmanaged[Cdecl]<nint, int> FromDataInit;
    public static readonly delegate* unmanaged[Cdecl]<nint, nint*, int, void*, int> FromData;
    public static readonly delegate* unmanaged[Cdecl]<nint, byte*, nuint, int> KeySetPublic;
    public static readonly delegate* unmanaged[Cdecl]<nint, int> DeriveInit;
    public static readonly delegate* unmanaged[Cdecl]<nint, nint, int, int> DeriveSetPeer;
    public static readonly delegate* unmanaged[Cdecl]<nint, byte*, nuint*, int> Derive;

    public static readonly delegate* unmanaged[Cdecl]<void> ErrorsClear;

    [SuppressMessage("Design", "CA1065", Justification = "Nothing is thrown: a library that lacks a function is not used.")]
    static LibCrypto()
    {
        if (AppContext.TryGetSwitch(CryptoProviders.DisableOpenSslSwitch, out var off) && off)
        {
            WhyNot = "switched off";
            return;
        }

        if (!TryLoad(out var library))
        {
            return;
        }

        var exports = new Exports(library);
        CipherContextNew = (delegate* unmanaged[Cdecl]<nint>)exports["EVP_CIPHER_CTX_new"];
        CipherContextFree = (delegate* unmanaged[Cdecl]<nint, void>)exports["EVP_CIPHER_CTX_free"];
        CipherInit = (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, nint, nint, byte*, byte*, int, int>)exports["EVP_CipherInit_ex"];
        CipherUpdate = (delegate* unmanaged[Cdecl]<nint, byte*, int*, byte*, int, int>)exports["EVP_CipherUpdate"];
        CipherUpdateShort = (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, byte*, int*, byte*, int, int>)exports["EVP_CipherUpdate"];
        CipherFinal = (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, byte*, int*, int>)exports["EVP_CipherFinal_ex"];
        CipherControl = (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, int, int, void*, int>)exports["EVP_CIPHER_CTX_ctrl"];
        KeyNewPrivate = (delegate* unmanaged[Cdecl]<int, nint, byte*, nuint, nint>)exports["EVP_PKEY_new_raw_private_key"];
        KeyNewPublic = (delegate* unmanaged[Cdecl]<int, nint, byte*, nuint, nint>)exports["EVP_PKEY_new_raw_public_key"];
        KeyFree = (delegate* unmanaged[Cdecl]<nint, void>)exports["EVP_PKEY_free"];
        KeyContextNew = (delegate* unmanaged[Cdecl]<nint, nint, nint>)exports["EVP_PKEY_CTX_new"];
        KeyContextFree = (delegate* unmanaged[Cdecl]<nint, void>)exports["EVP_PKEY_CTX_free"];
        KeyContextNamed = (delegate* unmanaged[Cdecl]<nint, byte*, byte*, nint>)exports["EVP_PKEY_CTX_new_from_name"];
        FromDataInit = (delegate* unmanaged[Cdecl]<nint, int>)exports["EVP_PKEY_fromdata_init"];
        FromData = (delegate* unmanaged[Cdecl]<nint, nint*, int, void*, int>)exports["EVP_PKEY_fromdata"];
        KeySetPublic = (delegate* unmanaged[Cdecl]<nint, byte*, nuint, int>)exports["EVP_PKEY_set1_encoded_public_key"];
        DeriveInit = (delegate* unmanaged[Cdecl]<nint, int>)exports["EVP_PKEY_derive_init"];
        DeriveSetPeer = (delegate* unmanaged[Cdecl]<nint, nint, int, int>)exports["EVP_PKEY_derive_set_peer_ex"];
        Derive = (delegate* unmanaged[Cdecl]<nint, byte*, nuint*, int>)exports["EVP_PKEY_derive"];
        ErrorsClear = (delegate* unmanaged[Cdecl]<void>)exports["ERR_clear_error"];
        var initialise = (delegate* unmanaged[Cdecl]<ulong, nint, int>)exports["OPENSSL_init_crypto"];
        var fetch = (delegate* unmanaged[Cdecl]<nint, byte*, byte*, nint>)exports["EVP_CIPHER_fetch"];
        var version = (delegate* unmanaged[Cdecl]<int, byte*>)exports["OpenSSL_version"];
        if (exports.Missing is { } missing)
        {
            WhyNot = $"it lacks {missing}";
            return;
        }

        // Without its atexit handler: threads may still be inside the library when the process ends.
        initialise(InitNoAtExit, 0);
        fixed (byte* name = "ChaCha20-Poly1305\0"u8)
        {
            ChaCha20Poly1305 = fetch(0, name, null);
        }

        if (ChaCha20Poly1305 == 0)
        {
            WhyNot = "it has no ChaCha20-Poly1305";
            return;
        }

        Version = Marshal.PtrToStringUTF8((nint)version(0)) ?? "";
        IsLoaded = true;
    }

    /// <summary>Its version and the file it was loaded from, or why it is not in use.</summary>
    public static string Origin => IsLoaded ? $"{Version}{(LoadedFile.Of((nint)CipherContextNew) is { } file ? $", {file}" : "")}" : $"libcrypto: {WhyNot}";

    /// <summary>By its versioned name, which the system's own search finds; never an unversioned file beside the application.</summary>
    private static bool TryLoad(out nint library)
    {
        library = 0;
        return (OperatingSystem.IsLinux() || OperatingSystem.IsFreeBSD()) && NativeLibrary.TryLoad("libcrypto.so.3", out library)
            || OperatingSystem.IsMacOS() && NativeLibrary.TryLoad("libcrypto.3.dylib", out library);
    }

    /// <summary>A failure that is neither the peer's nor the caller's: out of memory, or a library that refuses its own algorithm.</summary>
    public static CryptographicException Failure(string what)
    {
        ErrorsClear();
        return new CryptographicException($"libcrypto failed to {what}.");
    }

    private sealed class Exports(nint library)
    {
        public string? Missing { get; private set; }

        public nint this[string name]
        {
            get
            {
                if (!NativeLibrary.TryGetExport(library, name, out var address))
                {
                    Missing ??= name;
                }

                return address;
            }
        }
    }
}
