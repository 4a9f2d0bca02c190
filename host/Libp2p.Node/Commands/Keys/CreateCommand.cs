using System.CommandLine;
using Libp2p.Node.Output;

namespace Libp2p.Node.Commands.Keys;

/// <summary><c>libp2p keys create</c>: a new identity.</summary>
internal static class CreateCommand
{
    private const int MinRsaBits = 2048;
    private const int MaxRsaBits = 8192;

    public static Command Create(CommonOptions common, Option<string?> file)
    {
        var type = new Option<string>("--type", "-t") { Description = "The kind of key.", DefaultValueFactory = _ => "ed25519" };
        type.AcceptOnlyFromAmong("ed25519", "secp256k1", "ecdsa", "rsa");
        var bits = new Option<int?>("--bits")
        {
            Description = $"The size of an RSA key, {MinRsaBits} to {MaxRsaBits}, or of the curve of an ECDSA key, 256, 384 or 521. Default: {PrivateKey.DefaultRsaBits}, 256.",
            HelpName = "N",
        };
        var force = KeysCommand.Force("Overwrite a key that is there: its identity is lost.");
        var command = new Command("create", "Make a new key.") { type, bits, force };
        command.Validators.Add(result =>
        {
            if (result.GetValue(bits) is not { } asked) return;
            switch (result.GetValue(type))
            {
                case "rsa" when asked is < MinRsaBits or > MaxRsaBits || asked % 8 != 0:
                    result.AddError($"--bits is a multiple of 8 from {MinRsaBits} to {MaxRsaBits}.");
                    break;
                case "ecdsa" when asked is not (256 or 384 or 521):
                    result.AddError("--bits of an ECDSA key is 256, 384 or 521.");
                    break;
                case not ("rsa" or "ecdsa"):
                    result.AddError("--bits is for RSA and ECDSA keys; say --type rsa or --type ecdsa.");
                    break;
            }
        });
        command.SetAction(result =>
        {
            var settings = common.Read(result);
            return LocalCommand.Run(settings, result.InvocationConfiguration, output =>
            {
                var target = new KeyFile(settings, result.GetValue(file));
                var kind = Enum.Parse<KeyType>(result.GetRequiredValue(type), ignoreCase: true);
                using var key = (kind, result.GetValue(bits)) switch
                {
                    (KeyType.Rsa, { } asked) => PrivateKey.GenerateRsa(asked),
                    (KeyType.Ecdsa, { } asked) => PrivateKey.GenerateEcdsa(asked),
                    _ => PrivateKey.Generate(kind),
                };
                target.Save(key, result.GetValue(force));
                IdentityLines.Print(key.PublicKey, target.Path, "created", settings.Json, output);
            });
        });
        return command;
    }
}
