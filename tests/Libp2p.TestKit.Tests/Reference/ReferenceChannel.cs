using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Libp2p.TestKit.Tests.Reference;

/// <summary>A mistake that the reference channel makes on purpose.</summary>
public enum ChannelFault
{
    None,
    AcceptsAnyPeer,
    NamesTheWrongPeer,
    AuthenticatesNothing,
    SendsPlaintext,
    ConstantNonce,
    IgnoresThePrologue,
    MuxersDisagree,
    TruncationLooksLikeTheEnd,
    ForgetsFailures,
    UntypedErrors,
    LosesWhatFollowsTheHandshake,
    KeepsTheWireOpen,
    HidesFeatures,
    IgnoresCancellation,
    ConsumesWhatWasOnlyExamined,
    NoHalfClose,
    WaitsToSpeak,
}

/// <summary>
/// A security channel to show that the suite can be passed: ephemeral ECDH, AES-GCM records of up to 60,000 bytes behind a length of 4 bytes, and in the first record of each
/// side its key, its signature over the transcript, and its muxers. Not for any other use.
/// </summary>
public sealed class ReferenceChannel(ChannelFault fault = ChannelFault.None) : ISecurityChannel
{
    public ProtocolId Protocol => "/reference-secure/1.0.0";

    public bool DialerSpeaksFirst => true;

    public async ValueTask<SecuredBytes> SecureAsync(IByteConnection wire, UpgradeContext context, CancellationToken cancellationToken = default)
    {
        if (fault == ChannelFault.IgnoresCancellation) cancellationToken = default;
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return await ShakeAsync(wire, context, cancellationToken);
        }
        catch (Exception error) when (error is not (Libp2pException or OperationCanceledException) && fault != ChannelFault.UntypedErrors)
        {
            throw new SecureChannelException("The handshake failed.", error);
        }
    }

    private async Task<SecuredBytes> ShakeAsync(IByteConnection wire, UpgradeContext context, CancellationToken cancellationToken)
    {
        using var ephemeral = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var mine = ephemeral.PublicKey.ExportSubjectPublicKeyInfo();
        var waits = fault == ChannelFault.WaitsToSpeak && context.Role == ConnectionRole.Dialer;
        if (!waits) await wire.Output.WriteAsync(mine, cancellationToken);
        var theirs = await wire.Input.ReadExactlyAsync(mine.Length, cancellationToken);
        if (waits) await wire.Output.WriteAsync(mine, cancellationToken);
        using var remote = ECDiffieHellman.Create();
        remote.ImportSubjectPublicKeyInfo(theirs, out _);

        var dials = context.Role == ConnectionRole.Dialer;
        byte[] transcript = SHA256.HashData([
            .. fault == ChannelFault.IgnoresThePrologue ? [] : context.Prologue.Span,
            .. dials ? mine : theirs, .. dials ? theirs : mine]);
        var shared = ephemeral.DeriveRawSecretAgreement(remote.PublicKey);
        var up = HKDF.DeriveKey(HashAlgorithmName.SHA256, shared, 32, transcript, "up"u8.ToArray());
        var down = HKDF.DeriveKey(HashAlgorithmName.SHA256, shared, 32, transcript, "down"u8.ToArray());
        var connection = new ReferenceSecured(wire, new RecordCipher(dials ? up : down, fault), new RecordCipher(dials ? down : up, fault), fault);

        await SendIdentityAsync(connection, context, transcript, cancellationToken);
        var (key, muxers) = await ReceiveIdentityAsync(connection, transcript, cancellationToken);
        if (context.Expected is { } expected && expected != key.PeerId && fault != ChannelFault.AcceptsAnyPeer)
        {
            throw new PeerIdMismatchException(expected, fault == ChannelFault.NamesTheWrongPeer ? expected : key.PeerId);
        }

        var (first, second) = dials || fault == ChannelFault.MuxersDisagree ? (context.OfferedMuxers, muxers) : (muxers, context.OfferedMuxers);
        if (fault == ChannelFault.LosesWhatFollowsTheHandshake) connection.DiscardBuffered();
        return new SecuredBytes(connection, key, first.FirstOrDefault(muxer => second.Contains(muxer)));
    }

    private static async Task SendIdentityAsync(ReferenceSecured connection, UpgradeContext context, byte[] transcript, CancellationToken cancellationToken)
    {
        byte[][] fields =
        [
            context.Identity.PublicKey.Protobuf.ToArray(),
            context.Identity.Key.Sign(transcript),
            Encoding.UTF8.GetBytes(string.Join('\n', context.OfferedMuxers)),
        ];
        foreach (var field in fields)
        {
            BinaryPrimitives.WriteUInt16BigEndian(connection.Output.GetSpan(2), (ushort)field.Length);
            connection.Output.Advance(2);
            connection.Output.Write(field);
        }

        await connection.Output.FlushAsync(cancellationToken);
    }

    private static async Task<(PublicKey Key, ImmutableArray<ProtocolId> Muxers)> ReceiveIdentityAsync(
        ReferenceSecured connection, byte[] transcript, CancellationToken cancellationToken)
    {
        var fields = new List<byte[]>();
        while (fields.Count < 3)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(await connection.Input.ReadExactlyAsync(2, cancellationToken));
            fields.Add(await connection.Input.ReadExactlyAsync(length, cancellationToken));
        }

        var key = PublicKey.FromProtobuf(fields[0]);
        if (!key.Verify(transcript, fields[1])) throw new SecureChannelException("The signature is not that of the key.");
        return (key, [.. Encoding.UTF8.GetString(fields[2]).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static id => new ProtocolId(id))]);
    }
}

/// <summary>One direction's key and counter.</summary>
internal sealed class RecordCipher(byte[] key, ChannelFault fault) : IDisposable
{
    public const int TagLength = 16;
    private readonly AesGcm _aes = new(key, TagLength);
    private ulong _counter;

    public void Dispose() => _aes.Dispose();

    public byte[] Seal(ReadOnlySpan<byte> plaintext)
    {
        var record = new byte[plaintext.Length + TagLength];
        if (fault == ChannelFault.SendsPlaintext) plaintext.CopyTo(record);
        else if (fault == ChannelFault.AuthenticatesNothing) Scramble(plaintext, record);
        else _aes.Encrypt(Nonce(), plaintext, record.AsSpan(0, plaintext.Length), record.AsSpan(plaintext.Length));
        return record;
    }

    public byte[] Open(ReadOnlySpan<byte> record)
    {
        if (record.Length < TagLength) throw new SecureChannelException("The record is too short.");
        var plaintext = new byte[record.Length - TagLength];
        if (fault == ChannelFault.SendsPlaintext) record[..plaintext.Length].CopyTo(plaintext);
        else if (fault == ChannelFault.AuthenticatesNothing) Scramble(record[..plaintext.Length], plaintext);
        else _aes.Decrypt(Nonce(), record[..plaintext.Length], record[plaintext.Length..], plaintext);
        return plaintext;
    }

    private static void Scramble(ReadOnlySpan<byte> from, Span<byte> to)
    {
        for (var i = 0; i < from.Length; i++) to[i] = (byte)(from[i] ^ 0x5A);
    }

    private byte[] Nonce()
    {
        var nonce = new byte[12];
        BinaryPrimitives.WriteUInt64BigEndian(nonce.AsSpan(4), _counter);
        if (fault != ChannelFault.ConstantNonce) _counter++;
        return nonce;
    }
}
