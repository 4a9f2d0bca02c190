using System.Security.Cryptography;

namespace Libp2p.Benchmarks.Roles.Ceiling;

/// <summary>One direction of records under ChaCha20-Poly1305 with a counter for a nonce, as Noise has it; the key is fixed. Fed in pieces that stay in the first cache.</summary>
internal sealed unsafe class CeilingCipher : IDisposable
{
    public const int TagSize = 16;

    private const int Piece = 12 * 1024;
    private const int Short = 2048;

    private readonly nint _context = LibCrypto.NewContext();
    private ulong _nonce;

    public CeilingCipher(byte key, bool seals)
    {
        Span<byte> bytes = stackalloc byte[32];
        bytes.Fill(key);
        var cipher = LibCrypto.FetchCipher(0, "ChaCha20-Poly1305", null);
        fixed (byte* k = bytes)
        {
            Check(seals ? LibCrypto.SealInit(_context, cipher, 0, k, null) : LibCrypto.OpenInit(_context, cipher, 0, k, null));
        }
    }

    /// <summary>Header and body in one record, without bringing them together first; returns its length.</summary>
    public int Seal(ReadOnlySpan<byte> header, ReadOnlySpan<byte> body, Span<byte> destination)
    {
        var nonce = stackalloc byte[12];
        Next(nonce);
        var length = header.Length + body.Length;
        int written;
        fixed (byte* h = header)
        fixed (byte* b = body)
        fixed (byte* d = destination[..(length + TagSize)])
        {
            var ok = LibCrypto.SealInit(_context, 0, 0, null, nonce);
            if (header.Length > 0) ok &= LibCrypto.SealUpdateShort(_context, d, &written, h, header.Length);
            for (var done = 0; done < body.Length;)
            {
                var piece = Math.Min(done == 0 ? Piece - header.Length : Piece, body.Length - done);
                var to = d + header.Length + done;
                ok &= piece <= Short ? LibCrypto.SealUpdateShort(_context, to, &written, b + done, piece) : LibCrypto.SealUpdate(_context, to, &written, b + done, piece);
                done += piece;
            }

            ok &= LibCrypto.SealFinal(_context, d + length, &written);
            Check(ok & LibCrypto.Control(_context, LibCrypto.GetTag, TagSize, d + length));
        }

        return length + TagSize;
    }

    /// <summary>Opens a record; returns the length of what was in it.</summary>
    public int Open(ReadOnlySpan<byte> record, Span<byte> destination)
    {
        var nonce = stackalloc byte[12];
        Next(nonce);
        var length = record.Length - TagSize;
        int written;
        fixed (byte* r = record)
        fixed (byte* d = destination[..length])
        {
            var ok = LibCrypto.OpenInit(_context, 0, 0, null, nonce);
            for (var done = 0; done < length;)
            {
                var piece = Math.Min(Piece, length - done);
                ok &= piece <= Short ? LibCrypto.OpenUpdateShort(_context, d + done, &written, r + done, piece) : LibCrypto.OpenUpdate(_context, d + done, &written, r + done, piece);
                done += piece;
            }

            ok &= LibCrypto.Control(_context, LibCrypto.SetTag, TagSize, r + length);
            Check(ok & LibCrypto.OpenFinal(_context, d + length, &written));
        }

        return length;
    }

    public void Dispose() => LibCrypto.FreeContext(_context);

    private void Next(byte* nonce)
    {
        *(uint*)nonce = 0;
        *(ulong*)(nonce + 4) = _nonce++;
    }

    private static void Check(int ok)
    {
        if (ok != 1) throw new CryptographicException("OpenSSL refused");
    }
}
