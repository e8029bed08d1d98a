
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Role',
            fields=[
                ('id', models.CharField(max_length=60, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=100, verbose_name='名称')),
                ('permissions', models.JSONField(default=list, verbose_name='権限')),
                ('elevated_permissions', models.JSONField(default=list, verbose_name='昇格中の権限')),
                ('whole_office', models.BooleanField(default=False, help_text='全ての課を範囲とする', verbose_name='全庁')),
            ],
            options={
                'verbose_name': '役割',
                'verbose_name_plural': '役割',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Account',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('kind', models.CharField(choices=[('staff', '職員'), ('resident', '区民')], max_length=10, verbose_name='種別')),
                ('login', models.CharField(help_text='小文字で保存する', max_length=270, unique=True, verbose_name='ログインID')),
                ('email', models.EmailField(blank=True, default='', max_length=254, verbose_name='メールアドレス')),
                ('name', models.CharField(blank=True, default='', max_length=150, verbose_name='表示名')),
                ('is_active', models.BooleanField(default=True, verbose_name='利用できる')),
                ('is_demo', models.BooleanField(default=False, help_text='公開された合言葉を持つ。本番に置かない', verbose_name='デモ用')),
                ('from_folder', models.BooleanField(default=False, verbose_name='自治体フォルダーから')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='作成日時')),
            ],
            options={
                'verbose_name': 'アカウント',
                'verbose_name_plural': 'アカウント',
                'constraints': [models.CheckConstraint(condition=models.Q(('login', django.db.models.functions.text.Lower('login'))), name='identity_login_lower'), models.UniqueConstraint(models.F('kind'), django.db.models.functions.text.Lower('email'), condition=models.Q(('email', ''), _negated=True), name='identity_email_once')],
            },
        ),
        migrations.CreateModel(
            name='Department',
            fields=[
                ('id', models.CharField(max_length=60, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=100, verbose_name='名称')),
                ('name_en', models.CharField(blank=True, default='', max_length=150, verbose_name='英語名')),
                ('kind', models.CharField(choices=[('bureau', '部'), ('section', '課'), ('office', '事務所')], max_length=10, verbose_name='種別')),
                ('path', models.CharField(max_length=300)),
                ('phone', models.CharField(blank=True, default='', max_length=20, verbose_name='電話')),
                ('email', models.EmailField(blank=True, default='', max_length=254, verbose_name='メール')),
                ('location', models.CharField(blank=True, default='', max_length=100, verbose_name='場所')),
                ('source', models.CharField(default='sample', max_length=10, verbose_name='出典')),
                ('parent_source', models.CharField(default='sample', max_length=10, verbose_name='所属部の出典')),
                ('sort', models.PositiveIntegerField(default=0)),
                ('closed', models.BooleanField(default=False, help_text='フォルダーから無くなった組織', verbose_name='廃止')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='identity.department')),
            ],
            options={
                'verbose_name': '組織',
                'verbose_name_plural': '組織',
                'ordering': ['sort', 'id'],
            },
        ),
        migrations.CreateModel(
            name='SignInLink',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('email', models.EmailField(blank=True, default='', help_text='使われるか期限が切れると消える', max_length=254, verbose_name='宛先')),
                ('email_hash', models.CharField(max_length=64)),
                ('origin_hash', models.CharField(max_length=64)),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('next_path', models.CharField(blank=True, default='', max_length=300)),
                ('created_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'サインイン用リンク',
                'verbose_name_plural': 'サインイン用リンク',
                'indexes': [models.Index(fields=['email_hash', 'created_at'], name='identity_link_email'), models.Index(fields=['origin_hash', 'created_at'], name='identity_link_origin')],
            },
        ),
        migrations.CreateModel(
            name='Elevation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=300, verbose_name='理由')),
                ('started_at', models.DateTimeField(verbose_name='開始')),
                ('ends_at', models.DateTimeField(verbose_name='期限')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='終了')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='elevations', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '権限の昇格',
                'verbose_name_plural': '権限の昇格',
                'ordering': ['-started_at'],
                'indexes': [models.Index(fields=['account', '-ends_at'], name='identity_elevation_account')],
            },
        ),
        migrations.CreateModel(
            name='StaffPost',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField(verbose_name='発令日')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='終了日')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='posts', to=settings.AUTH_USER_MODEL)),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='identity.department')),
                ('role', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='identity.role')),
            ],
            options={
                'verbose_name': '職',
                'verbose_name_plural': '職',
                'ordering': ['account_id', 'valid_from', 'id'],
                'constraints': [models.UniqueConstraint(fields=('account', 'role', 'department', 'valid_from'), name='identity_post_once'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='identity_post_period')],
            },
        ),
    ]
