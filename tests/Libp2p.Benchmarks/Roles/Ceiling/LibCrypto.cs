using System.Runtime.InteropServices;

namespace Libp2p.Benchmarks.Roles.Ceiling;

/// <summary>The few functions of OpenSSL 3 that the ceiling needs; the short ones without the garbage collector's transition.</summary>
internal static unsafe partial class LibCrypto
{
    public const int GetTag = 0x10;
    public const int SetTag = 0x11;

    private const string Library = "libcrypto.so.3";

    public static bool Present { get; } = NativeLibrary.TryLoad(Library, out _);

    [LibraryImport(Library, EntryPoint = "EVP_CIPHER_CTX_new")]
    public static partial nint NewContext();

    [LibraryImport(Library, EntryPoint = "EVP_CIPHER_CTX_free")]
    public static partial void FreeContext(nint context);

    [LibraryImport(Library, EntryPoint = "EVP_CIPHER_fetch", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint FetchCipher(nint library, string name, string? properties);

    [LibraryImport(Library, EntryPoint = "EVP_EncryptInit_ex")]
    [SuppressGCTransition]
    public static partial int SealInit(nint context, nint cipher, nint engine, byte* key, byte* nonce);

    [LibraryImport(Library, EntryPoint = "EVP_EncryptUpdate")]
    public static partial int SealUpdate(nint context, byte* output, int* written, byte* input, int length);

    [LibraryImport(Library, EntryPoint = "EVP_EncryptUpdate")]
    [SuppressGCTransition]
    public static partial int SealUpdateShort(nint context, byte* output, int* written, byte* input, int length);

    [LibraryImport(Library, EntryPoint = "EVP_EncryptFinal_ex")]
    [SuppressGCTransition]
    public static partial int SealFinal(nint context, byte* output, int* written);

    [LibraryImport(Library, EntryPoint = "EVP_DecryptInit_ex")]
    [SuppressGCTransition]
    public static partial int OpenInit(nint context, nint cipher, nint engine, byte* key, byte* nonce);

    [LibraryImport(Library, EntryPoint = "EVP_DecryptUpdate")]
    public static partial int OpenUpdate(nint context, byte* output, int* written, byte* input, int length);

    [LibraryImport(Library, EntryPoint = "EVP_DecryptUpdate")]
    [SuppressGCTransition]
    public static partial int OpenUpdateShort(nint context, byte* output, int* written, byte* input, int length);

    [LibraryImport(Library, EntryPoint = "EVP_DecryptFinal_ex")]
    [SuppressGCTransition]
    public static partial int OpenFinal(nint context, byte* output, int* written);

    [LibraryImport(Library, EntryPoint = "EVP_CIPHER_CTX_ctrl")]
    [SuppressGCTransition]
    public static partial int Control(nint context, int type, int length, byte* data);
}
