using System.Security.Cryptography;
using Libp2p.Crypto;

namespace Libp2p.Security.Noise;

/// <summary>
/// Noise_XX_25519_ChaChaPoly_SHA256 (Noise revision 34, sections 5.3 and 7.5): bytes in, messages out, no I/O, no clock, no randomness of its own. It knows
/// nothing of libp2p: payloads are opaque. One caller at a time. After an exception it is of no more use.
/// </summary>
/// <remarks>
/// <code>
/// XX:
///   -> e                 32 + payload
///   &lt;- e, ee, s, es      32 + 48 + payload + 16
///   -> s, se             48 + payload + 16
/// </code>
/// </remarks>
internal sealed class NoiseHandshake : IDisposable
{
    /// <summary>The longest message (section 3).</summary>
    public const int MaxMessageSize = 65_535;

    private const int KeySize = X25519PrivateKey.Size;
    private const int SealedKeySize = KeySize + AeadCipher.TagSize;

    private readonly NoiseSymmetricState _state;
    private readonly bool _initiator;
    private readonly X25519PrivateKey _static;
    private readonly X25519PrivateKey _ephemeral;
    private readonly byte[] _remoteEphemeral = new byte[KeySize];
    private readonly byte[] _remoteStatic = new byte[KeySize];
    private Step _step = Step.First;

    /// <param name="initiator">Whether this side sends the first message.</param>
    /// <param name="prologue">Both sides must give the same.</param>
    /// <param name="staticKey">This side's lasting key; stays the caller's.</param>
    /// <param name="ephemeral">This side's key of this handshake alone; disposed with it.</param>
    /// <param name="aead">Which implementation encrypts; null: the best there is.</param>
    public NoiseHandshake(bool initiator, ReadOnlySpan<byte> prologue, X25519PrivateKey staticKey, X25519PrivateKey ephemeral, AeadProvider? aead = null)
    {
        _initiator = initiator;
        _static = staticKey;
        _ephemeral = ephemeral;
        _state = new NoiseSymmetricState(aead ?? CryptoProviders.Aead, "Noise_XX_25519_ChaChaPoly_SHA256"u8);
        _state.MixHash(prologue);
    }

    private enum Step
    {
        First,
        Second,
        Third,
        Done,
        Failed,
    }

    /// <summary>Whether all three messages have passed.</summary>
    public bool IsComplete => _step == Step.Done;

    /// <summary>Whether this side's message is next.</summary>
    public bool IsMyTurn => _step switch
    {
        Step.First or Step.Third => _initiator,
        Step.Second => !_initiator,
        _ => false,
    };

    /// <summary>The hash of everything that passed (channel binding, section 11.2). Of use once complete.</summary>
    public ReadOnlySpan<byte> Hash => _state.Hash;

    /// <summary>The remote's static key; known once its message was read.</summary>
    public ReadOnlySpan<byte> RemoteStatic => _remoteStatic;

    /// <summary>How many bytes this side's next message adds to its payload.</summary>
    public int Overhead => _step switch
    {
        Step.First => KeySize,
        Step.Second => KeySize + SealedKeySize + AeadCipher.TagSize,
        _ => SealedKeySize + AeadCipher.TagSize,
    };

    /// <summary>Writes this side's next message.</summary>
    /// <param name="payload">At most 65,535 bytes less <see cref="Overhead"/>.</param>
    /// <param name="destination">Exactly <see cref="Overhead"/> longer.</param>
    /// <exception cref="SecureChannelException">The remote's key makes a secret that everybody knows.</exception>
    public void WriteMessage(ReadOnlySpan<byte> payload, Span<byte> destination)
    {
        ExpectTurn(mine: true);
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, payload.Length + Overhead);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(destination.Length, MaxMessageSize);
        var step = Begin();
        if (step is Step.First or Step.Second)
        {
            _ephemeral.PublicKey.CopyTo(destination);
            _state.MixHash(destination[..KeySize]);
            destination = destination[KeySize..];
        }

        if (step == Step.Second)
        {
            MixAgreement(_ephemeral, _remoteEphemeral);
        }

        if (step is Step.Second or Step.Third)
        {
            _state.EncryptAndHash(_static.PublicKey, destination[..SealedKeySize]);
            MixAgreement(_static, _remoteEphemeral);
            destination = destination[SealedKeySize..];
        }

        _state.EncryptAndHash(payload, destination);
        _step = step + 1;
    }

    /// <summary>Reads the remote's next message.</summary>
    /// <param name="message">The whole message, without its length.</param>
    /// <param name="payload">At least as long as the message.</param>
    /// <returns>How many bytes of payload there are.</returns>
    /// <exception cref="SecureChannelException">It is too short, tampered with, made with another prologue, or with a key that makes a secret that everybody knows.</exception>
    public int ReadMessage(ReadOnlySpan<byte> message, Span<byte> payload)
    {
        ExpectTurn(mine: false);
        var step = Begin();
        var least = step switch
        {
            Step.First => KeySize,
            Step.Second => KeySize + SealedKeySize + AeadCipher.TagSize,
            _ => SealedKeySize + AeadCipher.TagSize,
        };
        if (message.Length < least || message.Length > MaxMessageSize)
        {
            // What the initiator begins with, where the responder's answer is due.
            if (step == Step.Second && message.Length == KeySize) throw new RoleConflictException("Both ends began the Noise handshake, as two do that dialed each other at once.");
            throw new SecureChannelException($"Noise handshake message {(int)step + 1} has {message.Length} bytes; it has {least} to {MaxMessageSize}.");
        }

        if (step is Step.First or Step.Second)
        {
            message[..KeySize].CopyTo(_remoteEphemeral);
            _state.MixHash(_remoteEphemeral);
            message = message[KeySize..];
        }

        if (step == Step.Second)
        {
            MixAgreement(_ephemeral, _remoteEphemeral);
        }

        if (step is Step.Second or Step.Third)
        {
            if (!_state.TryDecryptAndHash(message[..SealedKeySize], _remoteStatic))
            {
                throw Tampered(step);
            }

            MixAgreement(_ephemeral, _remoteStatic);
            message = message[SealedKeySize..];
        }

        var length = message.Length - _state.TagSize;
        if (!_state.TryDecryptAndHash(message, payload[..length]))
        {
            throw Tampered(step);
        }

        _step = step + 1;
        return length;
    }

    /// <summary>The ciphers of the connection. Once, after completion.</summary>
    public NoiseCiphers Split()
    {
        if (!IsComplete)
        {
            throw new InvalidOperationException("The handshake is not complete.");
        }

        _step = Step.Failed;
        return _state.Split(_initiator);
    }

    public void Dispose()
    {
        _state.Dispose();
        _ephemeral.Dispose();
    }

    private Step Begin()
    {
        // Whatever throws before the step is complete leaves it so.
        var step = _step;
        _step = Step.Failed;
        return step;
    }

    private void ExpectTurn(bool mine)
    {
        if (IsMyTurn != mine || _step is Step.Done or Step.Failed)
        {
            throw new InvalidOperationException("It is not this message's turn.");
        }
    }

    private void MixAgreement(X25519PrivateKey key, ReadOnlySpan<byte> remote)
    {
        Span<byte> secret = stackalloc byte[KeySize];
        if (!key.TryAgree(remote, secret))
        {
            throw new SecureChannelException("The remote's Noise key is of small order: the shared secret would be all zero.");
        }

        _state.MixKey(secret);
        CryptographicOperations.ZeroMemory(secret);
    }

    private static SecureChannelException Tampered(Step step) =>
        new($"Noise handshake message {(int)step + 1} could not be authenticated: it was altered on the way, or the prologues differ.");
}
