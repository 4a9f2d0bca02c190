using System.Runtime.InteropServices;

namespace Libp2p.Crypto.OpenSsl;

/// <summary>An EVP_PKEY_CTX that agrees with one remote after the other, and the EVP_PKEY that it has the remote's public key in. One caller at a time.</summary>
internal sealed unsafe class EvpAgreement : SafeHandle
{
    private const int Size = X25519PrivateKey.Size;

    private readonly nint _peer;

    public EvpAgreement(EvpKey key)
        : base(0, ownsHandle: true)
    {
        var held = false;
        try
        {
            key.DangerousAddRef(ref held);
            fixed (byte* point = BasePoint)
            {
                _peer = LibCrypto.KeyNewPublic(LibCrypto.X25519, 0, point, Size);
            }

            // It holds the key by itself from here on.
            SetHandle(LibCrypto.KeyContextNew(key.DangerousGetHandle(), 0));
            if (_peer == 0 || IsInvalid || LibCrypto.DeriveInit(handle) != 1)
            {
                throw LibCrypto.Failure("prepare an agreement");
            }
        }
        catch
        {
            Dispose();
            throw;
        }
        finally
        {
            if (held)
            {
                key.DangerousRelease();
            }
        }
    }

    /// <summary>The u of the base point (RFC 7748, section 4.1): what is agreed on with it is the public key.</summary>
    public static ReadOnlySpan<byte> BasePoint => [9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    // Both are freed, or the one that could be made.
    public override bool IsInvalid => handle == 0 && _peer == 0;

    /// <summary>False for a secret of all zeros.</summary>
    public bool TryDerive(ReadOnlySpan<byte> publicKey, Span<byte> secret)
    {
        nuint length = Size;
        fixed (byte* p = publicKey, s = secret)
        {
            if (LibCrypto.KeySetPublic(_peer, p, Size) != 1 || LibCrypto.DeriveSetPeer(handle, _peer, 0) != 1)
            {
                throw LibCrypto.Failure("prepare an agreement");
            }

            if (LibCrypto.Derive(handle, s, &length) == 1 && length == Size)
            {
                return true;
            }
        }

        LibCrypto.ErrorsClear();
        return false;
    }

    protected override bool ReleaseHandle()
    {
        if (handle != 0)
        {
            LibCrypto.KeyContextFree(handle);
        }

        if (_peer != 0)
        {
            LibCrypto.KeyFree(_peer);
        }

        return true;
    }
}
