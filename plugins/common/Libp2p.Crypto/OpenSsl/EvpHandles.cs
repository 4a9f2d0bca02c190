using System.Runtime.InteropServices;

namespace Libp2p.Crypto.OpenSsl;

/// <summary>An EVP_CIPHER_CTX. Each use holds a reference, so that it is never freed under a live operation.</summary>
internal sealed unsafe class EvpCipherContext : SafeHandle
{
    public EvpCipherContext()
        : base(0, ownsHandle: true)
    {
        SetHandle(LibCrypto.CipherContextNew());
        if (IsInvalid)
        {
            throw LibCrypto.Failure("make a cipher context");
        }
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        LibCrypto.CipherContextFree(handle);
        return true;
    }
}

/// <summary>An EVP_PKEY. Each use holds a reference.</summary>
internal sealed unsafe class EvpKey : SafeHandle
{
    public EvpKey(nint key)
        : base(0, ownsHandle: true)
    {
        SetHandle(key);
        if (IsInvalid)
        {
            throw LibCrypto.Failure("import a key");
        }
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        LibCrypto.KeyFree(handle);
        return true;
    }
}
