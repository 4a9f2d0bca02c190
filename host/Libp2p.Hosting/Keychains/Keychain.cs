using System.Diagnostics.CodeAnalysis;

namespace Libp2p.Hosting;

/// <summary>
/// Private keys under names, each encrypted with a password in a file of its own that its owner alone may read. What is public of them can be listed without the password. Thread-safe in one process; of
/// several processes on one folder, each change is whole or not made.
/// </summary>
/// <remarks>
/// A file holds the PKCS#8 form under AES-256 in GCM; the key of the cipher is derived from the password by PBKDF2 over HMAC-SHA-256, with a salt of the file's own. Type and peer id are authenticated with
/// it. Files can be copied and renamed.
/// </remarks>
public sealed class Keychain
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaxNameLength = 64;

    /// <summary>The least iterations of PBKDF2 that a file may say.</summary>
    public const int MinIterations = 10_000;

    /// <summary>The most iterations of PBKDF2 that a file may say: a file of somebody else's must not keep this node busy for ever.</summary>
    public const int MaxIterations = 10_000_000;

    private readonly string _folder;
    private readonly int _iterations;

    /// <param name="folder">Where the files are; made when the first key is kept, for its owner alone.</param>
    /// <param name="iterations">Of PBKDF2 for what is written: default 600,000, which takes about a tenth of a second; 10,000 to 10,000,000.</param>
    public Keychain(string folder, int iterations = PrivateKey.DefaultPasswordIterations)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentOutOfRangeException.ThrowIfLessThan(iterations, MinIterations);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(iterations, MaxIterations);
        _folder = Path.GetFullPath(folder);
        _iterations = iterations;
    }

    /// <summary>What is public of every key, by name. Files that are none of a keychain's are left out.</summary>
    /// <exception cref="KeychainException">The folder cannot be read.</exception>
    public IReadOnlyList<KeychainEntry> List()
    {
        List<KeychainEntry> entries = [];
        if (!Directory.Exists(_folder)) return entries;
        foreach (var name in KeychainFolder.Names(_folder))
        {
            if (TryFind(name, out var entry)) entries.Add(entry);
        }

        return entries;
    }

    /// <summary>What is public of a key, by its name.</summary>
    /// <exception cref="KeychainException">Its file cannot be read, or may be used by others.</exception>
    public bool TryFind(string name, [NotNullWhen(true)] out KeychainEntry? entry)
    {
        entry = KeychainFolder.Read(_folder, Checked(name)) is { } bytes && SealedKey.TryParse(bytes, out var key) ? key.EntryOf(name) : null;
        return entry is not null;
    }

    /// <summary>What is public of a key, by its peer id; the first by name, where several have it.</summary>
    /// <exception cref="KeychainException">The folder cannot be read.</exception>
    public bool TryFind(PeerId peer, [NotNullWhen(true)] out KeychainEntry? entry)
    {
        entry = List().FirstOrDefault(candidate => candidate.PeerId == peer);
        return entry is not null;
    }

    /// <summary>Makes a key and keeps it.</summary>
    /// <inheritdoc cref="Add"/>
    public KeychainEntry Create(string name, KeyType type, ReadOnlySpan<char> password)
    {
        using var key = PrivateKey.Generate(type);
        return Add(name, key, password);
    }

    /// <summary>Keeps a key.</summary>
    /// <param name="name">1 to <see cref="MaxNameLength"/> of: letters a to z, digits, <c>-</c>, <c>_</c>.</param>
    /// <param name="key">Not disposed.</param>
    /// <param name="password">Not empty.</param>
    /// <exception cref="ArgumentException">The name has other characters, or the password is empty.</exception>
    /// <exception cref="KeychainException">There is a key of that name, or the file cannot be written.</exception>
    public KeychainEntry Add(string name, PrivateKey key, ReadOnlySpan<char> password)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (password.IsEmpty) throw new ArgumentException("An empty password protects nothing.", nameof(password));
        var sealedKey = SealedKey.Seal(key, password, _iterations);
        if (!KeychainFolder.TryWrite(_folder, Checked(name), sealedKey.ToBytes(), overwrite: false))
        {
            throw new KeychainException($"There is a key '{name}' in {_folder} already; it is left as it is. Choose another name, or remove it first.");
        }

        return sealedKey.EntryOf(name);
    }

    /// <summary>Decrypts a key; the caller disposes it.</summary>
    /// <exception cref="KeychainException">There is none of that name, the password is wrong, or the file was altered or cannot be read.</exception>
    public PrivateKey Open(string name, ReadOnlySpan<char> password) => Required(name).Open(name, password);

    /// <summary>Gives a key another name.</summary>
    /// <exception cref="KeychainException">There is none of that name, or one of the new name already.</exception>
    public void Rename(string name, string to)
    {
        _ = Required(name);
        KeychainFolder.Move(_folder, name, Checked(to));
    }

    /// <summary>Forgets a key for good.</summary>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="KeychainException">The file cannot be removed.</exception>
    public bool Remove(string name) => KeychainFolder.Remove(_folder, Checked(name));

    /// <summary>Encrypts a key with another password.</summary>
    /// <exception cref="ArgumentException">The new password is empty.</exception>
    /// <exception cref="KeychainException">As for <see cref="Open"/>, or the file cannot be written; it then has the old password.</exception>
    public void ChangePassword(string name, ReadOnlySpan<char> password, ReadOnlySpan<char> to)
    {
        if (to.IsEmpty) throw new ArgumentException("An empty password protects nothing.", nameof(to));
        using var key = Open(name, password);
        KeychainFolder.TryWrite(_folder, name, SealedKey.Seal(key, to, _iterations).ToBytes(), overwrite: true);
    }

    private SealedKey Required(string name) =>
        KeychainFolder.Read(_folder, Checked(name)) is not { } bytes ? throw new KeychainException($"There is no key '{name}' in {_folder}.")
        : SealedKey.TryParse(bytes, out var key) ? key
        : throw new KeychainException($"The file of the key '{name}' in {_folder} is none of a keychain's, or damaged.");

    private static string Checked(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return name.Length <= MaxNameLength && name.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_')
            ? name
            : throw new ArgumentException($"'{name}' is no name of a key: 1 to {MaxNameLength} of the letters a to z, digits, '-' and '_'.", nameof(name));
    }
}

/// <summary>What is public of a key in a <see cref="Keychain"/>. Authenticated only once the key is opened.</summary>
/// <param name="Name">Its name.</param>
/// <param name="PeerId">Its peer id.</param>
/// <param name="Type">Its type.</param>
public sealed record KeychainEntry(string Name, PeerId PeerId, KeyType Type);

/// <summary>The keychain cannot do what was asked; the message says what to do.</summary>
public sealed class KeychainException(string message, Exception? inner = null) : Libp2pException(message, inner)
{
    /// <inheritdoc/>
    public override ConnectionLayer Layer => ConnectionLayer.Security;
}
