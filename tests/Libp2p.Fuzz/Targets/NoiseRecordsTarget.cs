using System.Buffers.Binary;
using System.IO.Pipelines;
using Libp2p.Crypto;
using Libp2p.Security.Noise;
using Libp2p.Security.Noise.Tests.Records;

namespace Libp2p.Fuzz.Targets;

/// <summary>Records after the handshake: what is read is what was sent, up to where somebody meddled, in whatever pieces it comes.</summary>
internal sealed class NoiseRecordsTarget() : FuzzTarget("noise-records")
{
    private static readonly byte[] Genuine = [.. "one"u8, .. new byte[300], .. "last"u8];

    public override IEnumerable<byte[]> Seeds => [[.. Record(Genuine.AsSpan(0, 3), 0), .. Record([], 1), .. Record(Genuine.AsSpan(3, 300), 2), .. Record(Genuine.AsSpan(303), 3)]];

    public override void Run(ReadOnlySpan<byte> input)
    {
        var bytes = input.ToArray();
        var whole = Read(bytes, bytes.Length, out var failed);
        var pieces = Read(bytes, 19, out var failedInPieces);
        Property.Holds(failed == failedInPieces && pieces == whole, $"in pieces {pieces} bytes are read, else {whole}");
    }

    private static int Read(byte[] wire, int size, out bool failed)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0, useSynchronizationContext: false, readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline));
        var reader = new NoiseConnection(new OneWay(pipe), new NoiseCiphers(Cipher(2, AeadDirection.Seal, 0), Cipher(1, AeadDirection.Open, 0)), 1 << 20).Input;
        var got = 0;
        failed = false;
        try
        {
            for (var at = 0; ; at += size)
            {
                if (at < wire.Length)
                {
                    pipe.Writer.WriteAsync(wire.AsMemory(at, Math.Min(size, wire.Length - at))).AsTask();
                }
                else
                {
                    pipe.Writer.Complete();
                }

                while (reader.TryRead(out var read))
                {
                    foreach (var part in read.Buffer)
                    {
                        Property.Holds(Genuine.AsSpan(got).StartsWith(part.Span), "something was read that was never sent");
                        got += part.Length;
                    }

                    reader.AdvanceTo(read.Buffer.End);
                    if (read.IsCompleted)
                    {
                        return got;
                    }

                    if (read.Buffer.IsEmpty)
                    {
                        break;
                    }
                }

                Property.Holds(at < wire.Length, "an ended wire was waited for");
            }
        }
        catch (SecureChannelException)
        {
            failed = true;
            return got;
        }
    }

    private static byte[] Record(ReadOnlySpan<byte> plaintext, ulong counter)
    {
        using var cipher = Cipher(1, AeadDirection.Seal, counter);
        var record = new byte[2 + plaintext.Length + AeadCipher.TagSize];
        BinaryPrimitives.WriteUInt16BigEndian(record, (ushort)(record.Length - 2));
        cipher.Seal([], plaintext, record.AsSpan(2));
        return record;
    }

    private static NoiseCipher Cipher(byte key, AeadDirection direction, ulong counter)
    {
        Span<byte> bytes = stackalloc byte[AeadCipher.KeySize];
        bytes.Fill(key);
        return new NoiseCipher(CryptoProviders.Aead, bytes, direction, counter);
    }
}
